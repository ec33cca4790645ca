//! Constraint profiles: which constraints hold, and the lists that they go by (rule C8).

mod names;
mod read;

use crate::constraint::Constraint;
use crate::gke_version::GkeVersion;
use hallpass_document::{Fault, Faults, Value};

pub(crate) use names::listed;

const AUTOPILOT: &str = include_str!("../profiles/autopilot.json");

/// Which constraints hold on a cluster, and the lists that they go by. A constraint that the profile does not
/// name is off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    name: String,
    enabled: u32,
    not_evaluated: Vec<String>,
    pub(crate) path_prefixes: Vec<String>,
    pub(crate) capabilities: Vec<String>,
    /// Host ports of which GKE was seen to say that they are reserved.
    pub(crate) reserved_ports: Vec<i32>,
    pub(crate) node_keys: NodeKeys,
    pub(crate) custom_class: CustomClass,
    /// The compute classes with which a machine family may be asked for.
    pub(crate) machine_family_classes: Vec<String>,
    pub(crate) volume_types: Vec<String>,
    pub(crate) assumed_volume_types: Vec<String>,
    pub(crate) sysctls: Vec<String>,
    pub(crate) later_sysctls: Vec<FromVersion>,
    /// Names, or prefixes that end in `*`; the assumed ones likewise.
    pub(crate) namespaces: Vec<String>,
    pub(crate) assumed_namespaces: Vec<String>,
}

/// The node label keys of rule C6: names, or prefixes that end in `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NodeKeys {
    pub(crate) allowed: Vec<String>,
    /// What is known of `allowed` is not all of it.
    pub(crate) partial: bool,
    pub(crate) assumed: Vec<String>,
    pub(crate) refused: Vec<String>,
}

/// What rule C6 knows of compute classes that are not Google's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CustomClass {
    /// The names of Google's own.
    pub(crate) built_in: Vec<String>,
    /// The node label keys that go together with a custom one, and those that are known not to.
    pub(crate) allowed: Vec<String>,
    pub(crate) refused: Vec<String>,
}

/// A name that counts from a version on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FromVersion {
    pub(crate) name: String,
    pub(crate) version: GkeVersion,
    /// The version as the profile writes it.
    pub(crate) written: String,
}

impl Profile {
    /// GKE Autopilot as the public record shows it.
    #[must_use]
    pub fn autopilot() -> Self {
        // The file is part of the crate and reads well; were it not to, every constraint holds and every list is empty.
        let value = Value::from_json(AUTOPILOT.as_bytes()).unwrap_or(Value::Null);
        Self::read(&value).unwrap_or_else(|_| Profile { enabled: u32::MAX, ..Profile::default() })
    }

    /// Reads a profile that a user wrote.
    ///
    /// # Errors
    /// Every part of it that means nothing: a typing slip must not switch a constraint off.
    pub fn read(value: &Value<'_>) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let profile = read::read(value, &mut faults);
        if faults.errors.is_empty() { Ok(profile) } else { Err(faults.errors) }
    }

    /// `metadata.name`
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Constraints of the cluster that no manifest can answer (rules C7 and C11).
    #[must_use]
    pub fn not_evaluated(&self) -> &[String] {
        &self.not_evaluated
    }

    /// Whether the constraint holds.
    #[must_use]
    pub fn enforces(&self, constraint: Constraint) -> bool {
        self.enabled & constraint.bit() != 0
    }
}
