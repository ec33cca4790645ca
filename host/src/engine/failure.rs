//! Why there is no answer from the module.

use std::fmt;
use std::time::Duration;

use hallpass_document::Fault;

/// Why a call has no answer. None of these is a verdict: what was asked about has not been judged.
#[derive(Debug)]
pub enum Failure {
    /// The call took longer than it may.
    OutOfTime(Duration),
    /// The module asked for more memory than it may have, in bytes.
    OutOfMemory(usize),
    /// The module came to a stop: a fault in it.
    Trapped(String),
    /// The module refuses the request.
    Refused {
        /// Why.
        error: String,
        /// What is wrong with the request, by place.
        faults: Vec<Fault>,
    },
    /// wasmtime cannot set the module up on this machine.
    Unavailable(String),
    /// The answer is not what docs/abi.md says.
    Garbled(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::OutOfTime(limit) => write!(f, "not judged within {} s", limit.as_secs_f64()),
            Failure::OutOfMemory(limit) => {
                write!(f, "judging it takes more than {} MiB of memory", limit / 1024 / 1024)
            }
            Failure::Trapped(why) => write!(f, "the Wasm module came to a stop: {why}"),
            Failure::Refused { error, faults } => {
                write!(f, "the Wasm module refuses the request: {error}")?;
                faults.iter().try_for_each(|fault| write!(f, "; {fault}"))
            }
            Failure::Unavailable(why) => write!(f, "the Wasm module cannot be run: {why}"),
            Failure::Garbled(why) => write!(f, "the Wasm module gave no proper answer: {why}"),
        }
    }
}

impl std::error::Error for Failure {}
