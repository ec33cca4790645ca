//! `hallpass render`: a rendered fleet is written to a folder, or compared with it.

use hallpass_renderer::File;
use hallpass_renderer::tree::{Input, Tree, check, write};

use crate::cli::{Output, Render};
use crate::exit::Exit;
use crate::report::Problem;
use crate::report::json::print_json;
use crate::report::pretty::tree::print_tree;
use crate::tree::TreeReport;

/// What a fleet comes to.
pub(crate) struct Rendered {
    /// The fleet's name.
    pub(crate) fleet: String,
    pub(crate) files: Vec<File>,
    /// The local allowlist files that it names.
    pub(crate) allowlists: Vec<Input>,
    /// What was noticed on the way.
    pub(crate) warnings: Vec<Problem>,
}

/// The end of every run whose fleet could be read.
pub(crate) fn deliver(arguments: &Render, rendered: Rendered) -> Exit {
    print(arguments, &report(arguments, rendered))
}

fn report(arguments: &Render, rendered: Rendered) -> TreeReport {
    let tree = Tree { fleet: &rendered.fleet, files: &rendered.files, allowlists: &rendered.allowlists };
    let mut report = if arguments.check {
        TreeReport::of_check(&arguments.out, check(&arguments.out, &tree))
    } else {
        TreeReport::of_write(&arguments.out, write(&arguments.out, &tree))
    };
    report.warnings.splice(0..0, rendered.warnings);
    report
}

fn print(arguments: &Render, report: &TreeReport) -> Exit {
    let exit = report.exit();
    match arguments.output {
        Output::Json => print_json(report, exit),
        Output::Pretty => print_tree(report, arguments.quiet, exit),
    }
}

#[cfg(test)]
mod tests;
