//! The exceptions that cover violations of a workload.

use super::{Excepted, Outcome, Problem, Report};

/// Whether a problem concerns the config's exceptions: it may be the reason why a run fails, and needs action.
pub(crate) fn is_about(report: &Report, problem: &Problem) -> bool {
    let is_in_config = report.config.as_ref() == Some(&problem.file);
    is_in_config && problem.path.as_ref().is_some_and(|path| path.starts_with("/exceptions/"))
}

/// Returns the exceptions, each with the constraints whose violations it covers, in the order of the violations.
pub(crate) fn of(outcome: &Outcome) -> Vec<(&Excepted, Vec<&str>)> {
    let mut found: Vec<(&Excepted, Vec<&str>)> = Vec::new();
    for violation in &outcome.violations {
        let Some(exception) = &violation.exception else { continue };
        match found.iter_mut().find(|(known, _)| *known == exception) {
            Some((_, constraints)) if constraints.contains(&violation.constraint) => {}
            Some((_, constraints)) => constraints.push(violation.constraint),
            None => found.push((exception, vec![violation.constraint])),
        }
    }
    found
}

/// `by .hallpass.yaml:8, until 2027-01-31`
pub(crate) fn by(exception: &Excepted) -> String {
    let until = exception.expires.as_ref().map(|last| format!(", until {last}")).unwrap_or_default();
    format!("by {}:{}{until}", exception.file, exception.line)
}

/// Returns the same text with the reason.
pub(crate) fn because(exception: &Excepted) -> String {
    format!("{}: {}", by(exception), exception.reason)
}
