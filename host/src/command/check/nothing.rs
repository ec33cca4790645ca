//! The errors of runs without a workload.

use std::path::{Path, PathBuf};

use hallpass_reader::read_settings;
use hallpass_report::{nothing_to_judge, own_kind};

use crate::input::{Input, word};
use crate::output::{Problem, Report};

/// Reports that a run without paths has read no workload from stdin. In a pipeline, the program before hallpass has
/// printed none; elsewhere, stdin is often empty, and the user expects hallpass to find the manifests itself.
pub(super) fn on_stdin(report: &mut Report) {
    let config = report.config.as_deref().unwrap_or(".hallpass.yaml");
    let help = format!("pass files or folders, or list `paths` in `{config}`");
    let is_empty = report.summary.skipped == 0 && report.summary.skipped_files == 0;
    if is_empty {
        report.warnings.retain(|warning| warning.file != "-");
        report.errors.push(Problem::new("", "nothing to check: stdin is empty").help(help));
    } else {
        report.errors.push(nothing_to_judge("-", &report.summary, "add `--allow-empty`"));
    }
}

/// Returns the error for a run with paths.
pub(super) fn in_paths(paths: &[PathBuf], inputs: &[Input], report: &Report) -> Problem {
    let file = match paths {
        [path] => path.display().to_string(),
        _ => String::new(),
    };
    let problem = nothing_to_judge(&file, &report.summary, "add `--allow-empty`");
    let own: Vec<String> = inputs.iter().filter_map(own).collect();
    match own.as_slice() {
        [first, ..] if own.len() == report.summary.skipped => problem.help(&**first),
        _ => problem,
    }
}

/// Reports each values file with which the charts have no workload: a typo in it must not pass as a check.
pub(super) fn in_variants(report: &mut Report) {
    if report.summary.workloads == 0 {
        return;
    }
    for variant in &mut report.summary.variants {
        if variant.workloads == 0 && variant.errors == 0 {
            let message = format!("with `{}`, the chart contains no workload", variant.variant);
            report
                .errors
                .push(Problem::new(&variant.variant, message).help("fix the values, or add `--allow-empty`"));
            variant.errors += 1;
        }
    }
}

/// Returns a description of a file that another command of hallpass reads.
fn own(input: &Input) -> Option<String> {
    // Stdin has been read already, and a built input has no file.
    if input.name() == "-" || input.build().is_some() {
        return None;
    }
    let bytes = input.read().ok()?;
    let document = read_settings(&bytes).next()?.ok()?;
    let name = input.name();
    let described = own_kind(document.root(), &word(Path::new(name)))?;
    Some(format!("`{name}` is {described}"))
}
