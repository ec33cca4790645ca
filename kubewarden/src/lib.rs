//! The policy in Kubewarden's policy server: three operations, JSON in, JSON out. `docs/kubewarden.md` describes it;
//! `guest.rs` implements the calls.
//!
//! Whatever cannot be read or fetched is refused, in either mode: a failure is not a verdict.

mod allowlist_writes;
mod connect;
#[cfg(target_arch = "wasm32")]
mod guest;
mod installed;
mod message;
mod mutation;
mod payload;
mod request;
mod response;
mod settings;
mod synchronizers;
mod text;
mod workload;

use std::fmt::Display;

use hallpass_document::{Diagnostic, Diagnostics, Value};
use serde::Serialize;

use payload::Payload;
use settings::Settings;

/// Requests objects of the cluster from the server: an operation of its capability `kubernetes`, and its argument as
/// JSON. Returns JSON, or an error.
pub type HostCall<'h> = &'h dyn Fn(&str, &[u8]) -> Result<Vec<u8>, String>;

/// The fields of the settings, as in `schemas/kubewarden-settings.schema.json`.
pub const SETTINGS: [&str; 9] = settings::FIELDS;

/// Returns the value of an object's annotation.
fn annotation<'v>(object: &'v Value<'_>, key: &str) -> Option<&'v str> {
    object.get("metadata")?.get("annotations")?.get(key)?.as_str()
}

#[derive(Serialize)]
struct SettingsAnswer {
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Handles a call.
///
/// # Errors
/// The server treats an error as a refusal.
pub fn call(operation: &str, payload: &[u8], host: HostCall<'_>) -> Result<Vec<u8>, String> {
    match operation {
        "protocol_version" => Ok(br#""v1""#.to_vec()),
        "validate_settings" => {
            serde_json::to_vec(&validate_settings(payload)?).map_err(|error| error.to_string())
        }
        "validate" => {
            let unreadable = |why: &dyn Display| format!("the request cannot be read: {why}");
            let read = Payload::read(payload).map_err(|error| unreadable(&error))?;
            let request = read.request().map_err(|error| unreadable(&error))?;
            let response = request::validate(payload, &read.settings, &request, host);
            serde_json::to_vec(&response).map_err(|error| error.to_string())
        }
        _ => Err(format!(
            "unknown operation `{operation}`: the policy has `protocol_version`, `validate_settings` and `validate`"
        )),
    }
}

/// Reads all settings in full, so that every request can treat them as valid.
fn validate_settings(payload: &[u8]) -> Result<SettingsAnswer, String> {
    let settings = Value::from_json(payload).map_err(|error| format!("the settings are {error}"))?;
    let errors = check_settings(&settings);
    Ok(SettingsAnswer {
        valid: errors.is_empty(),
        message: (!errors.is_empty()).then(|| message::invalid_settings(&errors)),
    })
}

/// Returns everything for which a policy server would reject these settings; empty if they are valid.
#[must_use]
pub fn check_settings(settings: &Value<'_>) -> Vec<Diagnostic> {
    let mut faults = Diagnostics::default();
    Settings::read(settings, &mut faults);
    settings::check_allowlists(settings, &mut faults);
    faults.errors
}
