//! The options of enforcement on the command line.

use clap::{Args, ValueEnum};
use hallpass_compile::{Action, Binding, Exempt, Options, Shard, namespace};
use hallpass_policy::{GkeVersion, Profile};
use hallpass_renderer::controller::{By, Enforcement};

use super::profile::profile;

pub use hallpass_compile::NAME;

/// The namespace of the Pods that keep a cluster running.
const SYSTEM: &str = "kube-system";

/// Whether and how allowlists are enforced.
#[derive(Clone, Debug, Args)]
// clap derives the group's name from the type, and the outer settings have the same one.
#[group(skip)]
pub struct Settings {
    /// Let the API server enforce the allowlists that are in the cluster
    ///
    /// Without it, allowlists are installed, and another program must enforce them.
    #[arg(long, value_name = "BY")]
    pub enforce: Option<Engine>,

    /// The constraints to enforce: `kubernetes`, `autopilot`, or a file with a ConstraintProfile
    #[arg(
        long = "enforce-profile",
        value_name = "NAME|FILE",
        default_value = "kubernetes",
        requires = "enforce"
    )]
    pub profile: String,

    /// How allowlists are distributed over policies
    #[arg(long = "enforce-shard", value_name = "SHARD", default_value = "none", requires = "enforce")]
    pub shard: Shard,

    /// A namespace in which nothing is enforced, in addition to `kube-system` and that of the controller
    ///
    /// Repeat it for more namespaces.
    #[arg(
        long = "enforce-exclude-namespace",
        value_name = "NAMESPACE",
        value_parser = namespace,
        requires = "enforce"
    )]
    pub excluded_namespaces: Vec<String>,

    /// What happens to a request that no allowlist admits
    ///
    /// Repeat it for more than one action. Kubernetes does not accept both `Deny` and `Warn`.
    #[arg(
        long = "enforce-action",
        value_name = "ACTION",
        default_value = "Deny",
        ignore_case = true,
        requires = "enforce"
    )]
    pub actions: Vec<Action>,
}

/// The program that enforces allowlists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The API server, by ValidatingAdmissionPolicies in CEL
    Cel,
}

impl Settings {
    /// Checks the options without reading a file.
    ///
    /// # Errors
    /// Two options exclude each other.
    pub fn check(&self) -> Result<(), String> {
        self.binding().map(drop)
    }

    /// Returns the options for the manifests of the controller.
    #[must_use]
    pub fn manifest(&self) -> Option<Enforcement> {
        let Engine::Cel = self.enforce?;
        Some(Enforcement {
            by: By::Cel,
            profile: Some(self.profile.clone()),
            shard: Some(self.shard),
            exclude_namespaces: self.excluded_namespaces.clone(),
            actions: self.actions.clone(),
        })
    }

    /// Returns what the policies enforce; `None` if allowlists are not enforced. `own_namespace` is that of the controller.
    ///
    /// # Errors
    /// The profile cannot be used, or the options exclude each other.
    pub fn rules(
        &self,
        target: Option<GkeVersion>,
        own_namespace: Option<&str>,
    ) -> Result<Option<Rules>, String> {
        let Some(Engine::Cel) = self.enforce else { return Ok(None) };
        let mut excluded_namespaces: Vec<String> =
            [SYSTEM].into_iter().chain(own_namespace).map(str::to_owned).collect();
        for namespace in &self.excluded_namespaces {
            if !excluded_namespaces.contains(namespace) {
                excluded_namespaces.push(namespace.clone());
            }
        }
        Ok(Some(Rules {
            profile: profile(&self.profile)?,
            target,
            shard: self.shard,
            exempt: Exempt::default(),
            excluded_namespaces,
            bindings: vec![self.binding()?],
        }))
    }

    fn binding(&self) -> Result<Binding, String> {
        Binding::new(self.actions.clone(), None)
    }
}

/// The constraints that the policies enforce, and where they apply.
#[derive(Clone, Debug)]
pub struct Rules {
    profile: Profile,
    target: Option<GkeVersion>,
    pub(super) shard: Shard,
    exempt: Exempt,
    excluded_namespaces: Vec<String>,
    bindings: Vec<Binding>,
}

impl Rules {
    /// Returns the options of the compiler, with this distribution of the allowlists.
    pub(super) fn options(&self, shard: Shard) -> Options<'_> {
        Options {
            name: NAME,
            profile: &self.profile,
            target: self.target,
            shard,
            exempt: &self.exempt,
            excluded_namespaces: &self.excluded_namespaces,
            bindings: &self.bindings,
        }
    }
}
