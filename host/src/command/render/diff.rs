//! `hallpass render --diff`: the effect of the change from another version of the fleet on its clusters.

use std::path::Path;

use hallpass_renderer::comparison::compare;

use super::usage;
use crate::cli::{Render, RenderOutput};
use crate::diff::DiffReport;
use crate::exit::Exit;
use crate::fleet::{self, Located};
use crate::output::Problem;
use crate::output::json::print_json;
use crate::output::{markdown, pretty};
use crate::reads::stdin_twice;

pub(super) fn run(arguments: &Render, old: &Path) -> Exit {
    if let Some(message) = stdin_twice(arguments.diff.iter().chain([&arguments.fleet])) {
        return usage(message);
    }
    let report = match compared(arguments, old) {
        Ok(report) => report,
        Err(problems) => DiffReport::invalid(problems),
    };
    let exit = report.exit();
    match arguments.output {
        RenderOutput::Json => print_json(&report, exit),
        RenderOutput::Markdown => markdown::diff::print_diff(&report, exit),
        RenderOutput::Pretty => pretty::diff::print_diff(&report, arguments.quiet, exit),
    }
}

fn compared(arguments: &Render, old: &Path) -> Result<DiffReport, Vec<Problem>> {
    let (old, new) = (fleet::source(old)?, fleet::source(&arguments.fleet)?);
    // Only the warnings about the new fleet concern the change.
    let old = Located::read(&old)?;
    let new = Located::read(&new)?;
    if arguments.strict && !new.warnings.is_empty() {
        return Err(new.warnings);
    }
    Ok(DiffReport::new(compare(&old.fleet, &new.fleet), new.warnings))
}
