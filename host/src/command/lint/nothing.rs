//! Paths without an object to lint: a run that lints nothing must not pass.

use std::path::{Path, PathBuf};

use hallpass_lint::LintReport;

use crate::output::Problem;
use crate::testing::is_below;

/// Returns an error for each path without an object to lint, unless another error is the reason.
pub(super) fn in_paths(paths: &[PathBuf], report: &LintReport) -> Vec<Problem> {
    let errors = report.errors.iter().map(|error| error.file.as_str());
    let findings = report.findings.iter().map(|finding| finding.file.as_str());
    let linted: Vec<&str> = report.files.iter().map(String::as_str).chain(findings).chain(errors).collect();
    let is_linted = |path: &Path| {
        linted.iter().any(|file| Path::new(file) == path || path != Path::new("-") && is_below(file, path))
    };
    // A path that is not UTF-8 has an error already.
    let without = paths.iter().filter(|path| path.to_str().is_some() && !is_linted(path));
    without.map(|path| problem(path)).collect()
}

fn problem(path: &Path) -> Problem {
    let message =
        "nothing to lint: no WorkloadAllowlist, AllowlistSynchronizer, fleet or test file was found";
    Problem::new(&path.display().to_string(), message)
        .help("check the path; `hallpass check` evaluates workloads, and reads configs (`--config`) and profiles (`--profile`)")
}
