//! One variable per constraint of the profile: a list of messages, empty if the workload does not violate it. The rules
//! are those of `policy-wasm/src/violations`.

mod capabilities;
mod compute_class;
mod custom_class;
mod host_namespaces;
mod host_path;
mod host_port;
mod host_process;
mod machine_family;
mod managed_namespaces;
mod node_keys;
mod privilege;
mod proc_mount;
mod sysctl;
mod volume_type;

pub(crate) use host_namespaces::variable as host_namespace;

use hallpass_policy::{Constraint, GkeVersion, Profile};

use crate::text::literal;
use crate::variable::Variable;

/// The variables of the enabled constraints.
pub(crate) struct Constraints {
    /// The variables of each constraint.
    pub(crate) variables: Vec<(Constraint, Vec<Variable>)>,
}

impl Constraints {
    pub(crate) fn of(profile: &Profile, target: Option<GkeVersion>) -> Self {
        let enabled = Constraint::ALL.into_iter().filter(|constraint| profile.enforces(*constraint));
        let variables = enabled.map(|constraint| (constraint, variables(constraint, profile, target)));
        Constraints { variables: variables.collect() }
    }

    /// Returns the constraints from which allowlists can exempt, or the others.
    pub(crate) fn exemptible(&self, is_exemptible: bool) -> impl Iterator<Item = Constraint> {
        self.variables
            .iter()
            .map(|(constraint, _)| *constraint)
            .filter(move |c| c.is_exemptible() == is_exemptible)
    }
}

/// Returns the name of the variable with the messages of a constraint: `disallow_privilege` for
/// `autogke-disallow-privilege`.
pub(crate) fn name(constraint: Constraint) -> String {
    let id = constraint.id();
    let bare = id.strip_prefix("autogke-").or_else(|| id.strip_prefix("hallpass/")).unwrap_or(id);
    bare.replace(['-', '/'], "_")
}

fn variables(constraint: Constraint, profile: &Profile, target: Option<GkeVersion>) -> Vec<Variable> {
    let before = match constraint {
        Constraint::NoWriteModeHostPath => vec![host_path::host_paths(profile)],
        _ => Vec::new(),
    };
    let messages = match constraint {
        Constraint::DisallowPrivilege => privilege::messages(),
        Constraint::DisallowHostNamespaces => host_namespaces::messages(),
        Constraint::NoWriteModeHostPath => host_path::messages(profile),
        Constraint::NoHostPort => host_port::messages(),
        Constraint::DefaultLinuxCapabilities => capabilities::messages(profile),
        Constraint::NodeAffinitySelectorLimitation => node_keys::messages(profile),
        // Never evaluated (rule C7).
        Constraint::PodLimit => "[]".to_owned(),
        Constraint::VolumeType => volume_type::messages(profile),
        Constraint::ProcMount => proc_mount::messages(),
        Constraint::UnsafeSysctl => sysctl::messages(profile, target),
        Constraint::HostProcess => host_process::messages(),
        Constraint::ManagedNamespaces => managed_namespaces::messages(profile),
        Constraint::CustomClassNodeKeys => custom_class::messages(profile),
        Constraint::ComputeClass => compute_class::messages(),
        Constraint::MachineFamilySelection => machine_family::messages(profile),
    };
    before.into_iter().chain([Variable::new(name(constraint), messages)]).collect()
}

/// Returns the condition that `text`, an expression, is one of the names or has one of the prefixes, which end in `*`.
fn listed(text: &str, patterns: &[&[String]]) -> String {
    let (mut names, mut conditions) = (Vec::new(), Vec::new());
    for pattern in patterns.iter().copied().flatten() {
        match pattern.strip_suffix('*') {
            Some(prefix) => conditions.push(format!("{text}.startsWith({})", literal(prefix))),
            None => names.push(pattern.as_str()),
        }
    }
    if !names.is_empty() {
        conditions.insert(0, format!("{text} in {}", crate::text::list(names)));
    }
    match conditions.is_empty() {
        true => "false".to_owned(),
        false => format!("({})", conditions.join(" || ")),
    }
}
