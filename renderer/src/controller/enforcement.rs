//! How the controller lets a cluster enforce its allowlists.

use hallpass_compile::{Action, Shard};
use serde::Deserialize;

/// Who enforces the allowlists of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum By {
    /// The API server, by ValidatingAdmissionPolicies in CEL.
    Cel,
}

/// How allowlists are enforced. The values are those of the controller's options, and its defaults count for absent ones.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Enforcement {
    /// Who enforces them.
    pub by: By,
    /// The constraints.
    pub profile: Option<String>,
    /// How allowlists are distributed over policies.
    pub shard: Option<Shard>,
    /// Namespaces in which nothing is enforced, in addition to `kube-system` and that of the controller.
    #[serde(default)]
    pub exclude_namespaces: Vec<String>,
    /// What happens to a request that no allowlist admits.
    #[serde(default)]
    pub actions: Vec<Action>,
}

impl Enforcement {
    /// Returns the options of the controller.
    pub(super) fn arguments(&self) -> Vec<String> {
        let By::Cel = self.by;
        let mut arguments = vec!["--enforce=cel".to_owned()];
        arguments.extend(self.profile.iter().map(|profile| format!("--enforce-profile={profile}")));
        arguments.extend(self.shard.iter().map(|shard| format!("--enforce-shard={}", shard.name())));
        let excluded = self.exclude_namespaces.iter();
        arguments.extend(excluded.map(|namespace| format!("--enforce-exclude-namespace={namespace}")));
        arguments.extend(self.actions.iter().map(|action| format!("--enforce-action={}", action.name())));
        arguments
    }
}
