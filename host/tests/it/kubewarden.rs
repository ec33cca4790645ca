//! The module for Kubewarden, in the runtime of its policy server.

mod contract;
mod every_case;
mod kwctl;
mod metadata;
mod rules;
mod samples;
mod settings;

use serde_json::{Value as Json, json};

use hallpass_policy_server::{Host, Server, no_cluster};

use crate::support::document;

fn server() -> Server {
    Server::new().unwrap()
}

/// Returns the policy's response, with only the settings and the request.
fn validate(server: &Server, settings: &Json, request: &Json, host: Host) -> Json {
    let payload = json!({"request": request, "settings": settings}).to_string();
    serde_json::from_slice(&server.call("validate", payload.as_bytes(), host).unwrap()).unwrap()
}

fn validate_settings(server: &Server, settings: &Json) -> Json {
    let answer = server.call("validate_settings", settings.to_string().as_bytes(), no_cluster()).unwrap();
    serde_json::from_slice(&answer).unwrap()
}

/// Reads a file of `kubewarden/cases` as JSON.
fn data(file: &str) -> Json {
    let path = crate::support::repository().join("kubewarden/cases").join(file);
    document(&std::fs::read(&path).unwrap())
}
