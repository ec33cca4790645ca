//! Constraint profiles: which constraints hold, and the lists that they go by (rule C8).

use crate::constraint::Constraint;
use crate::fault::{Fault, Faults};
use crate::pointer::At;
use crate::spelling::nearest;
use crate::value::Value;

const API_VERSION: &str = "hallpass.dev/v1alpha1";
const KIND: &str = "ConstraintProfile";
const AUTOPILOT: &str = include_str!("../profiles/autopilot.json");

/// Which constraints hold on a cluster, and the lists that they go by. A constraint that the profile does not
/// name is off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    name: String,
    enabled: u32,
    path_prefixes: Vec<String>,
    capabilities: Vec<String>,
    node_keys: Vec<String>,
    refused_node_keys: Vec<String>,
    volume_types: Vec<String>,
    assumed_volume_types: Vec<String>,
    sysctls: Vec<String>,
    namespaces: Vec<String>,
    not_evaluated: Vec<String>,
}

/// The keys under which a constraint can have lists; `Profile::list_mut` says which has which.
const LISTS: [&str; 5] = ["pathPrefixes", "allowed", "refused", "assumed", "namespaces"];

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
        let profile = read(value, &mut faults);
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

    pub(crate) fn path_prefixes(&self) -> &[String] {
        &self.path_prefixes
    }

    pub(crate) fn capabilities(&self) -> &[String] {
        &self.capabilities
    }

    pub(crate) fn node_keys(&self) -> &[String] {
        &self.node_keys
    }

    pub(crate) fn refused_node_keys(&self) -> &[String] {
        &self.refused_node_keys
    }

    pub(crate) fn volume_types(&self) -> &[String] {
        &self.volume_types
    }

    pub(crate) fn assumed_volume_types(&self) -> &[String] {
        &self.assumed_volume_types
    }

    pub(crate) fn sysctls(&self) -> &[String] {
        &self.sysctls
    }

    /// Names, or prefixes that end in `*`.
    pub(crate) fn namespaces(&self) -> &[String] {
        &self.namespaces
    }

    fn list_mut(&mut self, constraint: Constraint, key: &str) -> Option<&mut Vec<String>> {
        Some(match (constraint, key) {
            (Constraint::NoWriteModeHostPath, "pathPrefixes") => &mut self.path_prefixes,
            (Constraint::DefaultLinuxCapabilities, "allowed") => &mut self.capabilities,
            (Constraint::NodeAffinitySelectorLimitation, "allowed") => &mut self.node_keys,
            (Constraint::NodeAffinitySelectorLimitation, "refused") => &mut self.refused_node_keys,
            (Constraint::VolumeType, "allowed") => &mut self.volume_types,
            (Constraint::VolumeType, "assumed") => &mut self.assumed_volume_types,
            (Constraint::UnsafeSysctl, "allowed") => &mut self.sysctls,
            (Constraint::ManagedNamespaces, "namespaces") => &mut self.namespaces,
            _ => return None,
        })
    }
}

fn read(value: &Value<'_>, faults: &mut Faults) -> Profile {
    let mut profile = Profile::default();
    let root = At::pointer_to("");
    let (mut api_version, mut kind) = (None, None);
    for (key, value) in faults.map(value, &root) {
        let at = root.key(key);
        match &**key {
            "apiVersion" => api_version = faults.string(value, &at),
            "kind" => kind = faults.string(value, &at),
            "metadata" => {
                for (key, value) in faults.map(value, &at) {
                    if key == "name" {
                        faults.string(value, &at.key(key)).unwrap_or_default().clone_into(&mut profile.name);
                    }
                }
            }
            "constraints" => read_constraints(&mut profile, value, &at, faults),
            "notEvaluated" => {
                profile.not_evaluated = faults.strings(value, &at).into_iter().map(str::to_owned).collect();
            }
            _ => unknown_field(
                key,
                &["apiVersion", "kind", "metadata", "constraints", "notEvaluated"],
                &at,
                faults,
            ),
        }
    }
    for (field, found, wanted) in [("apiVersion", api_version, API_VERSION), ("kind", kind, KIND)] {
        if found != Some(wanted) {
            faults.error(
                Fault::new(
                    root.key(field).pointer(),
                    format!("this is no constraint profile: `{field}` is not `{wanted}`"),
                )
                .help(format!("write `{field}: {wanted}`")),
            );
        }
    }
    // Any other fault already says what to mend first.
    if faults.errors.is_empty() && value.get("constraints").is_none() {
        faults.error(
            Fault::new(
                root.key("constraints").pointer(),
                "the profile has no `constraints`: it would admit everything",
            )
            .help("list the constraints that hold; `constraints: {}` says that none does"),
        );
    }
    profile
}

fn read_constraints(profile: &mut Profile, value: &Value<'_>, at: &At<'_>, faults: &mut Faults) {
    for (id, settings) in faults.map(value, at) {
        let at = at.key(id);
        let Some(constraint) = Constraint::with_id(id).filter(|constraint| constraint.is_evaluated()) else {
            let known = Constraint::ALL.iter().filter(|c| c.is_evaluated()).map(|c| c.id());
            let mut fault = Fault::new(at.pointer(), format!("no constraint is named `{id}`")).in_key();
            fault = match nearest(id, known.clone()) {
                Some(meant) => fault.help(format!("did you mean `{meant}`?")),
                None => fault.help(format!("the constraints are {}", known.collect::<Vec<_>>().join(", "))),
            };
            faults.error(fault);
            continue;
        };
        profile.enabled |= constraint.bit();
        for (key, value) in faults.map(settings, &at) {
            let at = at.key(key);
            let items = faults.strings(value, &at).into_iter().map(str::to_owned).collect();
            match profile.list_mut(constraint, key) {
                Some(list) => *list = items,
                None => {
                    let is_known = |list: &&str| profile.list_mut(constraint, list).is_some();
                    let known: Vec<&str> = LISTS.into_iter().filter(is_known).collect();
                    unknown_field(key, &known, &at, faults);
                }
            }
        }
    }
}

fn unknown_field(key: &str, known: &[&'static str], at: &At<'_>, faults: &mut Faults) {
    let fault = Fault::new(at.pointer(), format!("a profile has no field `{key}` here")).in_key();
    faults.error(match nearest(key, known.iter().copied()) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
        None if known.is_empty() => fault.help("remove it: this constraint has no settings"),
        None => fault.help(format!("known here: {}", known.join(", "))),
    });
}
