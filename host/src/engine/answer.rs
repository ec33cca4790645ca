//! Responses of the module.

use hallpass_document::Diagnostic;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Failure;

/// The response to a call that had no effect.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    faults: Vec<Diagnostic>,
}

/// Parses a response. A response with an `error` never counts as another response.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    match serde_json::from_slice(bytes) {
        Ok(answer) => Ok(answer),
        Err(error) => Err(match serde_json::from_slice(bytes) {
            Ok(Refusal { error, faults }) => Failure::Refused { error, faults },
            Err(_) => Failure::Garbled(error.to_string()),
        }),
    }
}
