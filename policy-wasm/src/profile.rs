//! C8: the enabled constraints and their lists are data, a constraint profile.

mod names;
mod read;

use crate::constraint::Constraint;
use crate::gke_version::GkeVersion;
use hallpass_document::{Diagnostic, Diagnostics, Value};

pub(crate) use names::listed;

const AUTOPILOT: &str = include_str!("../profiles/autopilot.json");

/// The constraints that are enabled on a cluster, and their lists. A constraint that the profile does not name is
/// disabled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    name: String,
    enabled: u32,
    not_evaluated: Vec<String>,
    pub(crate) path_prefixes: Vec<String>,
    pub(crate) capabilities: Vec<String>,
    /// Host ports that GKE was seen to report as reserved.
    pub(crate) reserved_ports: Vec<i32>,
    pub(crate) node_keys: NodeKeys,
    pub(crate) custom_class: CustomClass,
    /// The compute classes that accept a machine family.
    pub(crate) machine_family_classes: Vec<String>,
    pub(crate) volume_types: Vec<String>,
    pub(crate) assumed_volume_types: Vec<String>,
    pub(crate) sysctls: Vec<String>,
    pub(crate) later_sysctls: Vec<FromVersion>,
    /// Names, or prefixes that end in `*`; the same for the assumed ones.
    pub(crate) namespaces: Vec<String>,
    pub(crate) assumed_namespaces: Vec<String>,
}

/// The node label keys of rule C6: names, or prefixes that end in `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NodeKeys {
    pub(crate) allowed: Vec<String>,
    /// Whether the list `allowed` is incomplete.
    pub(crate) partial: bool,
    pub(crate) assumed: Vec<String>,
    pub(crate) refused: Vec<String>,
}

/// The lists of rule C6 for custom compute classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CustomClass {
    /// Google's own compute classes.
    pub(crate) built_in: Vec<String>,
    /// The node label keys that are allowed in addition to a custom class, and those that are known to be refused.
    pub(crate) allowed: Vec<String>,
    pub(crate) refused: Vec<String>,
}

/// A name that counts since a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FromVersion {
    pub(crate) name: String,
    pub(crate) version: GkeVersion,
    /// The version as written in the profile.
    pub(crate) written: String,
}

impl Profile {
    /// Returns the profile of GKE Autopilot, according to the public record.
    #[must_use]
    pub fn autopilot() -> Self {
        // The file is part of the crate and valid. If it were not, every constraint would be enabled, with empty lists.
        let value = Value::from_json(AUTOPILOT.as_bytes()).unwrap_or(Value::Null);
        Self::read(&value).unwrap_or_else(|_| Profile { enabled: u32::MAX, ..Profile::default() })
    }

    /// Reads a user's profile.
    ///
    /// # Errors
    /// All unknown or invalid parts: a typo must not disable a constraint.
    pub fn read(value: &Value<'_>) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Diagnostics::default();
        let profile = read::read(value, &mut faults);
        if faults.errors.is_empty() { Ok(profile) } else { Err(faults.errors) }
    }

    /// `metadata.name`
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Constraints that depend on the cluster (rules C7 and C11).
    #[must_use]
    pub fn not_evaluated(&self) -> &[String] {
        &self.not_evaluated
    }

    /// Whether the constraint is enabled.
    #[must_use]
    pub fn enforces(&self, constraint: Constraint) -> bool {
        self.enabled & constraint.bit() != 0
    }
}
