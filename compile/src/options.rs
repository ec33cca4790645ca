//! The options of the compiler.

use hallpass_policy::{GkeVersion, Profile};
use serde::Deserialize;

use crate::exempt::Exempt;
use crate::selector::Selector;

/// The default name of the policy, for `hallpass compile`, fleets and the controller.
pub const NAME: &str = "hallpass-privileged-workloads";

/// The constraints that the policies enforce, and where they apply.
#[derive(Clone, Debug)]
pub struct Options<'p> {
    /// The name of the policy, and the prefix of all other names.
    pub name: &'p str,
    /// The constraints to enforce.
    pub profile: &'p Profile,
    /// The cluster's GKE version. An allowlist for later versions admits nothing. Without a version, all of them count.
    pub target: Option<GkeVersion>,
    /// The distribution of the allowlists over policies.
    pub shard: Shard,
    /// Users and groups to which the policies do not apply.
    pub exempt: &'p Exempt,
    /// Namespaces to which the policies do not apply.
    pub excluded_namespaces: &'p [String],
    /// The namespaces in which the policies apply, and their effect.
    pub bindings: &'p [Binding],
}

/// How allowlists are distributed over policies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Shard {
    /// One policy has all allowlists.
    #[default]
    None,
    /// One policy per allowlist, for the workloads whose label `cloud.google.com/matching-allowlist` names it: a workload
    /// without the label is refused if it violates a constraint.
    Label,
}

impl Shard {
    /// Returns the name in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Shard::None => "none",
            Shard::Label => "label",
        }
    }
}

/// What happens to a request that a policy refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum), value(rename_all = "PascalCase"))]
pub enum Action {
    /// The API server refuses the request.
    Deny,
    /// The client gets a warning.
    Warn,
    /// The audit log gets an entry.
    Audit,
}

impl Action {
    /// All actions.
    pub const ALL: [Action; 3] = [Action::Deny, Action::Warn, Action::Audit];

    /// Returns the action with a name.
    ///
    /// # Errors
    /// No action has this name.
    pub fn named(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|action| action.name() == name);
        found.ok_or_else(|| format!("`{name}` is not an action: write Deny, Warn or Audit"))
    }

    /// Returns the name in a binding.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Action::Deny => "Deny",
            Action::Warn => "Warn",
            Action::Audit => "Audit",
        }
    }
}

/// The namespaces in which a policy applies, and its effect.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Binding {
    /// The effect.
    pub actions: Vec<Action>,
    /// The namespaces; all if absent.
    pub namespaces: Option<Selector>,
}

impl Binding {
    /// Returns a binding.
    ///
    /// # Errors
    /// Kubernetes refuses the actions: the list is empty, or has both `Deny` and `Warn`.
    pub fn new(actions: Vec<Action>, namespaces: Option<Selector>) -> Result<Self, String> {
        let has = |action| actions.contains(&action);
        if actions.is_empty() {
            return Err("a binding needs an action: Deny, Warn or Audit".to_owned());
        }
        if has(Action::Deny) && has(Action::Warn) {
            return Err(
                "`Deny` and `Warn` exclude each other: a refused request shows its message anyway".to_owned()
            );
        }
        Ok(Binding { actions, namespaces })
    }
}
