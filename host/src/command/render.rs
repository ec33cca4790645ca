//! `hallpass render`: renders a fleet, and writes it to a folder or compares it with the folder.

mod diff;

use std::path::Path;

use clap::error::ErrorKind;
use hallpass_renderer::tree::{Input, Tree, check, write};
use hallpass_renderer::{Addition, File, HEAD, additions, first_line, render};

use crate::cli::{Render, RenderOutput};
use crate::exit::Exit;
use crate::fleet::{self, Located};
use crate::output::Problem;
use crate::output::json::print_json;
use crate::output::pretty::render::print_tree;
use crate::rendered::TreeReport;

pub(crate) fn run(arguments: &Render) -> Exit {
    match (&arguments.diff, &arguments.out) {
        (Some(old), _) => diff::run(arguments, old),
        (None, _) if arguments.output == RenderOutput::Markdown => {
            usage("`-o markdown` is only available with `--diff`")
        }
        (None, Some(out)) => tree(arguments, out),
        // clap requires `--out` without `--diff`.
        (None, None) => Exit::Usage,
    }
}

fn usage(message: &str) -> Exit {
    super::usage("render", ErrorKind::ArgumentConflict, message)
}

fn tree(arguments: &Render, out: &Path) -> Exit {
    let report = match rendered(arguments, out) {
        Ok(rendered) => deliver(arguments, out, rendered),
        Err(problems) => TreeReport::invalid(out, arguments.check, problems),
    };
    let exit = report.exit();
    match arguments.output {
        RenderOutput::Json => print_json(&report, exit),
        _ => print_tree(&report, arguments.quiet, exit),
    }
}

/// The rendered fleet.
struct Rendered {
    /// The fleet's name.
    fleet: String,
    /// The first words of every file.
    head: &'static str,
    files: Vec<File>,
    /// The local allowlist files that the fleet names.
    allowlists: Vec<Input>,
    /// Lines for objects that hallpass does not render.
    additions: Vec<Addition>,
    /// The warnings of earlier steps.
    warnings: Vec<Problem>,
}

fn rendered(arguments: &Render, out: &Path) -> Result<Rendered, Vec<Problem>> {
    let source = fleet::source(&arguments.fleet)?;
    let located = Located::read(&source)?;
    let shadows = located.shadows(out);
    if !shadows.is_empty() {
        return Err(shadows);
    }
    let (misplaced, mut warnings) = located.misplaced(out);
    if !misplaced.is_empty() {
        return Err(misplaced);
    }
    let (policies, unintended) = located.policies()?;
    warnings.splice(0..0, located.warnings.iter().cloned().chain(unintended));
    if arguments.strict && !warnings.is_empty() {
        return Err(warnings);
    }
    Ok(Rendered {
        fleet: located.fleet.name().to_owned(),
        head: HEAD,
        files: render(&located.fleet, &policies),
        allowlists: located.allowlists()?,
        additions: additions(&located.fleet),
        warnings,
    })
}

fn deliver(arguments: &Render, out: &Path, rendered: Rendered) -> TreeReport {
    let tree = Tree {
        first_line: &first_line(&rendered.fleet),
        head: rendered.head,
        files: &rendered.files,
        allowlists: &rendered.allowlists,
    };
    let mut report = if arguments.check {
        TreeReport::of_check(out, check(out, &tree))
    } else {
        TreeReport::of_write(out, write(out, &tree))
    };
    report.warnings.splice(0..0, rendered.warnings);
    report.additions = rendered.additions;
    report
}

#[cfg(test)]
mod tests;
