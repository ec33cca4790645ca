//! Clusters on which ValidatingAdmissionPolicies evaluate workloads: a profile and allowlists, compiled to CEL.

use hallpass_compile::{Action, Binding, Shard};
use hallpass_document::{Diagnostic, Value};
use hallpass_policy::Profile;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::Selector;
use crate::admission::Exempt;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cel {
    pub(crate) clusters: Selector,
    /// Files and folders, relative to the fleet file.
    pub(crate) allowlists: Vec<String>,
    /// The constraints to enforce.
    #[serde(default = "kubernetes", deserialize_with = "profile")]
    pub(crate) profile: Profile,
    /// How the allowlists are distributed over policies.
    #[serde(default)]
    pub(crate) shard: Shard,
    /// Additional namespaces to exclude.
    #[serde(default)]
    pub(crate) exclude_namespaces: Vec<String>,
    #[serde(default)]
    pub(crate) exempt: Exempt,
    /// Where the policies apply, and with what effect.
    #[serde(default = "deny")]
    pub(crate) bindings: Vec<Binding>,
}

/// Reads the name of a built-in profile, or a complete one.
///
/// # Errors
/// All unknown or invalid parts, with JSON pointers into the profile.
pub(super) fn read_profile(json: &Json) -> Result<Profile, Vec<Diagnostic>> {
    match Value::from_json(json.to_string().as_bytes()) {
        Ok(profile) => Profile::read(&profile),
        Err(error) => {
            let fault = Diagnostic::new(String::new(), format!("the profile is {error}"));
            Err(vec![fault.help("write it as plain YAML")])
        }
    }
}

fn profile<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Profile, D::Error> {
    read_profile(&Json::deserialize(deserializer)?).map_err(|_| D::Error::custom("not a profile"))
}

/// The default: Autopilot's other constraints make no sense on most clusters.
fn kubernetes() -> Profile {
    // The file is part of the policy crate. If it were not there, more would be enforced.
    Profile::built_in("kubernetes").unwrap_or_else(Profile::autopilot)
}

fn deny() -> Vec<Binding> {
    vec![Binding { actions: vec![Action::Deny], namespaces: None }]
}
