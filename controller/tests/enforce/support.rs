//! Allowlists, and the rules of a command line.

use clap::Parser;
use hallpass_controller::enforce::{Allowlist, Rules, Settings};
use hallpass_controller::object::Revision;
use serde_json::{Value, json};

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

/// The rules of `--enforce cel` with more arguments.
pub(crate) fn rules(arguments: &[&str]) -> Rules {
    let settings = Arguments::parse_from([&["test", "--enforce", "cel"], arguments].concat()).settings;
    settings.rules(None, None).unwrap().unwrap()
}

/// An object as the API server returns it.
pub(crate) fn allowlist(name: &str, fields: &Value) -> Allowlist {
    let mut object =
        json!({"apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": name}});
    for (key, value) in fields.as_object().unwrap() {
        object[key] = value.clone();
    }
    Allowlist { name: name.to_owned(), revision: Revision::default(), json: object.to_string() }
}

/// One that admits a privileged container with this image.
pub(crate) fn admitting(name: &str, image: &str) -> Allowlist {
    allowlist(
        name,
        &json!({
            "exemptions": ["autogke-disallow-privilege"],
            "matchingCriteria": {"containers": [{"name": "agent", "image": image, "securityContext": {"privileged": true}}]},
        }),
    )
}
