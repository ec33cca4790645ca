//! The settings of the policy. `schemas/kubewarden-settings.schema.json` describes them for editors.

mod read;
mod synchronizers;

use hallpass_policy::synchronizer::AllowedPath;
use hallpass_policy::{GkeVersion, Profile};

use super::payload::User;

pub(super) use read::{FIELDS, check_allowlists};

/// All settings except the allowlists.
pub(super) struct Settings {
    pub(super) profile: Profile,
    pub(super) target: Option<GkeVersion>,
    pub(super) strict: bool,
    /// Whether the cluster's own allowlists also count.
    pub(super) from_cluster: bool,
    /// The rules for synchronizers, if they are evaluated.
    pub(super) synchronizers: Option<Synchronizers>,
    /// Who may write allowlists; nobody if not set.
    pub(super) writers: Option<Principals>,
    /// Allow what would be denied, with a warning.
    pub(super) warn: bool,
    /// Refuse exec, attach and port-forward into exempted Pods.
    pub(super) no_connect: bool,
}

/// The rules for synchronizers, and who is exempt.
#[derive(Default)]
pub(super) struct Synchronizers {
    pub(super) rule: SynchronizerRule,
    pub(super) exempt: Principals,
}

#[derive(Default)]
pub(super) enum SynchronizerRule {
    /// No installation. Existing synchronizers can be emptied and deleted.
    #[default]
    Removable,
    /// No operation at all, as in GKE's how-to.
    Documented,
    /// Only these paths.
    Only(Vec<AllowedPath>),
}

/// Users and groups.
#[derive(Default)]
pub(super) struct Principals {
    pub(super) users: Vec<String>,
    pub(super) groups: Vec<String>,
}

impl Principals {
    /// Whether they include the user.
    pub(super) fn include(&self, user: &User) -> bool {
        self.users.contains(&user.name) || user.groups.iter().any(|group| self.groups.contains(group))
    }
}
