//! C8: the enabled constraints and their lists are data, a constraint profile.

mod names;
mod read;

use crate::constraint::Constraint;
use crate::gke_version::GkeVersion;
use hallpass_document::{Diagnostic, Diagnostics, Value};

pub(crate) use names::listed;

/// The built-in profiles. The first is the default.
const BUILT_IN: [(&str, &str); 2] = [
    ("autopilot", include_str!("../profiles/autopilot.json")),
    ("kubernetes", include_str!("../profiles/kubernetes.json")),
];

/// The constraints that are enabled on a cluster, and their lists. A constraint that the profile does not name is
/// disabled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    name: String,
    enabled: u32,
    not_evaluated: Vec<String>,
    /// Text prefixes of host paths that may be mounted read-only (rule C3).
    pub path_prefixes: Vec<String>,
    /// The capabilities that a container may add (rule C5).
    pub capabilities: Vec<String>,
    /// Host ports that GKE was seen to report as reserved.
    pub reserved_ports: Vec<i32>,
    /// The lists of rule C6.
    pub node_keys: NodeKeys,
    /// The lists of rule C6 for custom compute classes.
    pub custom_class: CustomClass,
    /// The compute classes that accept a machine family.
    pub machine_family_classes: Vec<String>,
    /// The volume types that are allowed (rule C9).
    pub volume_types: Vec<String>,
    /// Volume types that are allowed with an assumption.
    pub assumed_volume_types: Vec<String>,
    /// The sysctls that are safe in every version (rule C9).
    pub sysctls: Vec<String>,
    /// Those that are safe since a version.
    pub later_sysctls: Vec<FromVersion>,
    /// The managed namespaces (rule C10): names, or prefixes that end in `*`.
    pub namespaces: Vec<String>,
    /// Namespaces that count as managed with an assumption.
    pub assumed_namespaces: Vec<String>,
}

/// The node label keys of rule C6: names, or prefixes that end in `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeKeys {
    /// Keys that are allowed.
    pub allowed: Vec<String>,
    /// Whether the list `allowed` is incomplete.
    pub partial: bool,
    /// Keys that are allowed with an assumption.
    pub assumed: Vec<String>,
    /// Keys that are known to be refused.
    pub refused: Vec<String>,
}

/// The lists of rule C6 for custom compute classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomClass {
    /// Google's own compute classes.
    pub built_in: Vec<String>,
    /// The node label keys that are allowed in addition to a custom class.
    pub allowed: Vec<String>,
    /// Keys that are known to be refused.
    pub refused: Vec<String>,
}

/// A name that counts since a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromVersion {
    /// The name.
    pub name: String,
    /// The version.
    pub version: GkeVersion,
    /// The version as written in the profile.
    pub written: String,
}

impl Profile {
    /// Returns the profile of GKE Autopilot, according to the public record.
    #[must_use]
    pub fn autopilot() -> Self {
        // The file is part of the crate and valid. If it were not, every constraint would be enabled, with empty lists.
        Self::built_in("autopilot").unwrap_or_else(|| Profile { enabled: u32::MAX, ..Profile::default() })
    }

    /// Returns the built-in profile of this name.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, json) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Self::read(&Value::from_json(json.as_bytes()).ok()?).ok()
    }

    /// The names of the built-in profiles.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Reads a profile: the name of a built-in one, or a complete ConstraintProfile.
    ///
    /// # Errors
    /// All unknown or invalid parts: a typo must not disable a constraint.
    pub fn read(value: &Value<'_>) -> Result<Self, Vec<Diagnostic>> {
        if let Value::String(name) = value {
            return Self::built_in(name).ok_or_else(|| vec![unknown_name(name)]);
        }
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

    /// Whether a container may add the capability without an exemption (rule C5).
    #[must_use]
    pub fn permits_capability(&self, name: &str) -> bool {
        self.capabilities.iter().any(|allowed| allowed == name)
    }

    /// Whether a hostPath may be mounted read-only without an exemption (rule C3). Compares the raw text, because GKE's
    /// message shows prefixes; `//` and `..` could lead elsewhere.
    #[must_use]
    pub fn permits_host_path(&self, path: &str) -> bool {
        self.path_prefixes.iter().any(|prefix| path.starts_with(prefix.as_str()))
            && !path.contains("//")
            && !path.split('/').any(|segment| segment == "..")
    }

    /// Whether the constraint is enabled.
    #[must_use]
    pub fn enforces(&self, constraint: Constraint) -> bool {
        self.enabled & constraint.bit() != 0
    }
}

fn unknown_name(name: &str) -> Diagnostic {
    let known: Vec<String> = Profile::names().map(|known| format!("`{known}`")).collect();
    let help = format!("write {}, or a complete ConstraintProfile", known.join(" or "));
    Diagnostic::new(String::new(), format!("no profile is named `{name}`")).suggest(
        name,
        Profile::names(),
        help,
    )
}

#[cfg(test)]
mod tests {
    use hallpass_document::Value;

    use super::{BUILT_IN, Profile};

    #[test]
    fn every_built_in_profile_is_valid_and_has_its_name() {
        for (name, json) in BUILT_IN {
            let profile = Profile::read(&Value::from_json(json.as_bytes()).unwrap()).unwrap();
            assert_eq!(profile.name(), name);
            assert_eq!(Profile::built_in(name), Some(profile));
        }
    }

    /// The profiles write the same lists twice, so that users can start from a copy of either.
    #[test]
    fn kubernetes_has_the_lists_of_autopilot() {
        let [autopilot, kubernetes] =
            ["autopilot", "kubernetes"].map(|name| Profile::built_in(name).unwrap());
        assert_eq!(kubernetes.path_prefixes, autopilot.path_prefixes);
        assert_eq!(kubernetes.capabilities, autopilot.capabilities);
        assert_eq!(kubernetes.sysctls, autopilot.sysctls);
        assert_eq!(kubernetes.later_sysctls, autopilot.later_sysctls);
    }
}
