//! The reasons why a call has no response.

use std::fmt;
use std::time::Duration;

use hallpass_document::Diagnostic;

/// The reason why a call has no response. A failure is not a verdict: the document was not evaluated.
#[derive(Debug)]
pub enum Failure {
    /// The call exceeded its time limit.
    OutOfTime(Duration),
    /// The module exceeded its memory limit, in bytes.
    OutOfMemory(usize),
    /// The module trapped, which is a bug.
    Trapped(String),
    /// The module refused the request.
    Refused {
        /// The reason.
        error: String,
        /// The errors in the request, with their locations.
        faults: Vec<Diagnostic>,
    },
    /// wasmtime cannot run the module on this machine.
    Unavailable(String),
    /// The response does not conform to docs/abi.md.
    Garbled(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::OutOfTime(limit) => write!(f, "not evaluated within {} s", limit.as_secs_f64()),
            Failure::OutOfMemory(limit) => {
                write!(f, "evaluation needs more than {} MiB of memory", limit / 1024 / 1024)
            }
            Failure::Trapped(why) => write!(f, "the Wasm module trapped: {why}"),
            Failure::Refused { error, faults } => {
                write!(f, "the Wasm module refuses the request: {error}")?;
                faults.iter().try_for_each(|fault| write!(f, "; {fault}"))
            }
            Failure::Unavailable(why) => write!(f, "the Wasm module cannot be run: {why}"),
            Failure::Garbled(why) => write!(f, "the Wasm module gave an invalid response: {why}"),
        }
    }
}

impl std::error::Error for Failure {}
