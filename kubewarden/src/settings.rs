//! The settings of the policy. `schemas/kubewarden-settings.schema.json` describes the same for editors.

mod read;
mod synchronizers;

use hallpass_policy::synchronizer::AllowedPath;
use hallpass_policy::{GkeVersion, Profile};

use super::payload::User;

pub(super) use read::{FIELDS, check_allowlists};

/// All settings but the allowlists themselves.
pub(super) struct Settings {
    pub(super) profile: Profile,
    pub(super) target: Option<GkeVersion>,
    pub(super) strict: bool,
    /// The cluster's own allowlists count as well.
    pub(super) from_cluster: bool,
    /// What is demanded of synchronizers, if they are judged.
    pub(super) synchronizers: Option<Synchronizers>,
    /// Who may write allowlists; nobody when it is not said.
    pub(super) writers: Option<Principals>,
    /// Let pass what would be denied, with a warning.
    pub(super) warn: bool,
    /// Block exec, attach and port-forward into exempted Pods.
    pub(super) no_connect: bool,
}

/// What is demanded of synchronizers, and of whom not.
#[derive(Default)]
pub(super) struct Synchronizers {
    pub(super) rule: SynchronizerRule,
    pub(super) exempt: Principals,
}

#[derive(Default)]
pub(super) enum SynchronizerRule {
    /// No installation; a synchronizer that is there can be emptied and deleted.
    #[default]
    Removable,
    /// No operation at all, as GKE's how-to has it.
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
    /// Whether they include who asks.
    pub(super) fn include(&self, user: &User) -> bool {
        self.users.contains(&user.name) || user.groups.iter().any(|group| self.groups.contains(group))
    }
}
