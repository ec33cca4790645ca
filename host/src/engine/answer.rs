//! What the module answers.

use hallpass_document::Fault;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Failure;

/// The answer to a call that did nothing.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    faults: Vec<Fault>,
}

/// Reads an answer. An answer with an `error` is never taken for another.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    match serde_json::from_slice(bytes) {
        Ok(answer) => Ok(answer),
        Err(error) => Err(match serde_json::from_slice(bytes) {
            Ok(Refusal { error, faults }) => Failure::Refused { error, faults },
            Err(_) => Failure::Garbled(error.to_string()),
        }),
    }
}
