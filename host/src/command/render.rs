//! `hallpass render`: renders a fleet, and writes it to a folder or compares it with the folder.

use hallpass_renderer::tree::{Input, Tree, check, write};
use hallpass_renderer::{Addition, File, HEAD, additions, render};

use crate::cli::{Output, Render};
use crate::exit::Exit;
use crate::fleet::{self, Located};
use crate::output::Problem;
use crate::output::json::print_json;
use crate::output::pretty::render::print_tree;
use crate::rendered::TreeReport;

pub(crate) fn run(arguments: &Render) -> Exit {
    let report = match rendered(arguments) {
        Ok(rendered) => deliver(arguments, rendered),
        Err(problems) => TreeReport::invalid(&arguments.out, arguments.check, problems),
    };
    let exit = report.exit();
    match arguments.output {
        Output::Json => print_json(&report, exit),
        Output::Pretty => print_tree(&report, arguments.quiet, exit),
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

fn rendered(arguments: &Render) -> Result<Rendered, Vec<Problem>> {
    let source = fleet::source(&arguments.fleet)?;
    let located = Located::read(&source)?;
    let shadows = located.shadows(&arguments.out);
    if !shadows.is_empty() {
        return Err(shadows);
    }
    let (misplaced, mut warnings) = located.misplaced(&arguments.out);
    if !misplaced.is_empty() {
        return Err(misplaced);
    }
    warnings.splice(0..0, located.warnings.iter().cloned());
    if arguments.strict && !warnings.is_empty() {
        return Err(warnings);
    }
    Ok(Rendered {
        fleet: located.fleet.name().to_owned(),
        head: HEAD,
        files: render(&located.fleet),
        allowlists: located.allowlists()?,
        additions: additions(&located.fleet),
        warnings,
    })
}

fn deliver(arguments: &Render, rendered: Rendered) -> TreeReport {
    let tree = Tree {
        fleet: &rendered.fleet,
        head: rendered.head,
        files: &rendered.files,
        allowlists: &rendered.allowlists,
    };
    let mut report = if arguments.check {
        TreeReport::of_check(&arguments.out, check(&arguments.out, &tree))
    } else {
        TreeReport::of_write(&arguments.out, write(&arguments.out, &tree))
    };
    report.warnings.splice(0..0, rendered.warnings);
    report.additions = rendered.additions;
    report
}

#[cfg(test)]
mod tests;
