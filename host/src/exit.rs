//! Exit codes: a contract with scripts and pipelines.

use std::process::{ExitCode, Termination};

use crate::output::Problem;

/// The result of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Every workload is admitted or exempted, every synchronizer ready.
    Success,
    /// At least one workload is denied and not excepted, a synchronizer is not ready, or a rendered tree is out of date.
    Denied,
    /// The command line is invalid.
    Usage,
    /// Input could not be read or is invalid, or there was nothing to check.
    Input,
    /// An internal error.
    Internal,
}

impl Exit {
    /// Returns the exit code of a run. Invalid input takes precedence over a denial, because a run that could not check
    /// everything proves nothing. An internal error takes precedence over both, because its cause is not in the input.
    pub(crate) fn of(errors: &[Problem], is_denied: bool) -> Self {
        if errors.iter().any(Problem::is_internal) {
            Exit::Internal
        } else if !errors.is_empty() {
            Exit::Input
        } else if is_denied {
            Exit::Denied
        } else {
            Exit::Success
        }
    }

    /// Returns the exit code of a run that was also unable to read or to write something.
    pub(crate) fn or_input(self) -> Self {
        match self {
            Exit::Internal => Exit::Internal,
            _ => Exit::Input,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(match self {
            Exit::Success => 0,
            Exit::Denied => 1,
            Exit::Usage => 2,
            Exit::Input => 3,
            Exit::Internal => 4,
        })
    }
}
