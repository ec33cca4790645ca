//! The constraints of GKE Autopilot (section Constraints of docs/semantics.md): one file per constraint, and one table.

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

use crate::Options;
use crate::decision::{Assumption, Rule, SHOWN, Violation};
use crate::workload::{NodeKey, NodeKeySource, Workload};

/// One row per constraint. A variant that is missing from a list would never be evaluated.
macro_rules! constraints {
    ($($(#[$doc:meta])* $variant:ident => $id:literal,)*) => {
        /// A constraint. Variants are in the order of reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Constraint {
            $($(#[$doc])* $variant,)*
        }

        impl Constraint {
            /// Every constraint.
            pub const ALL: [Constraint; [$($id),*].len()] = [$(Constraint::$variant),*];

            /// Returns GKE's name if it has one, and `hallpass/...` if GKE enforces a rule without naming it.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Constraint::$variant => $id,)*
                }
            }
        }
    };
}

constraints! {
    /// C1
    DisallowPrivilege => "autogke-disallow-privilege",
    /// C2
    DisallowHostNamespaces => "autogke-disallow-hostnamespaces",
    /// C3
    NoWriteModeHostPath => "autogke-no-write-mode-hostpath",
    /// C4
    NoHostPort => "autogke-no-host-port",
    /// C5
    DefaultLinuxCapabilities => "autogke-default-linux-capabilities",
    /// C6
    NodeAffinitySelectorLimitation => "autogke-node-affinity-selector-limitation",
    /// C7: exemptible, but never evaluated.
    PodLimit => "autogke-pod-limit-constraints",
    /// C9
    VolumeType => "hallpass/volume-type",
    /// C9
    ProcMount => "hallpass/proc-mount",
    /// C9
    UnsafeSysctl => "hallpass/unsafe-sysctl",
    /// C9
    HostProcess => "hallpass/host-process",
    /// C10
    ManagedNamespaces => "managed-namespaces-limitation",
    /// C6: keys in addition to a custom compute class. Not exemptible.
    CustomClassNodeKeys => "ccc-node-affinity-selector-limitation",
    /// C11
    ComputeClass => "autopilot-compute-class-limitation",
    /// C11
    MachineFamilySelection => "autopilot-machine-family-selection-limitation",
}

impl Constraint {
    /// Returns the constraint with this name.
    #[must_use]
    pub fn with_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|constraint| constraint.id() == id)
    }

    /// Whether an allowlist can exempt from the constraint (GKE's `WorkloadAllowlist` reference lists these seven).
    #[must_use]
    pub fn is_exemptible(self) -> bool {
        match self {
            Constraint::DisallowPrivilege
            | Constraint::DisallowHostNamespaces
            | Constraint::NoWriteModeHostPath
            | Constraint::NoHostPort
            | Constraint::DefaultLinuxCapabilities
            | Constraint::NodeAffinitySelectorLimitation
            | Constraint::PodLimit => true,
            Constraint::VolumeType
            | Constraint::ProcMount
            | Constraint::UnsafeSysctl
            | Constraint::HostProcess
            | Constraint::ManagedNamespaces
            | Constraint::CustomClassNodeKeys
            | Constraint::ComputeClass
            | Constraint::MachineFamilySelection => false,
        }
    }

    /// Whether a manifest contains enough to evaluate the constraint.
    #[must_use]
    pub fn is_evaluated(self) -> bool {
        self != Constraint::PodLimit
    }

    pub(crate) fn bit(self) -> u32 {
        1 << self as u32
    }

    fn check(self, workload: &Workload<'_>, options: &Options<'_>, found: &mut Findings) {
        let profile = options.profile;
        match self {
            Constraint::DisallowPrivilege => privilege::check(workload, found),
            Constraint::DisallowHostNamespaces => host_namespaces::check(workload, found),
            Constraint::NoWriteModeHostPath => host_path::check(workload, profile, found),
            Constraint::NoHostPort => host_port::check(workload, profile, found),
            Constraint::DefaultLinuxCapabilities => capabilities::check(workload, profile, found),
            Constraint::NodeAffinitySelectorLimitation => node_keys::check(workload, profile, found),
            Constraint::PodLimit => {}
            Constraint::VolumeType => volume_type::check(workload, profile, found),
            Constraint::ProcMount => proc_mount::check(workload, found),
            Constraint::UnsafeSysctl => sysctl::check(workload, options, found),
            Constraint::HostProcess => host_process::check(workload, found),
            Constraint::ManagedNamespaces => managed_namespaces::check(workload, profile, found),
            Constraint::CustomClassNodeKeys => custom_class::check(workload, profile, found),
            Constraint::ComputeClass => compute_class::check(workload, found),
            Constraint::MachineFamilySelection => machine_family::check(workload, profile, found),
        }
    }
}

/// The findings of the constraints.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) violations: Vec<Violation>,
    pub(crate) assumptions: Vec<Assumption>,
    /// Assumptions that matter only if the workload is denied.
    pub(crate) of_a_denial: Vec<Assumption>,
    /// The number of violations per constraint that are not listed.
    pub(crate) unshown: Vec<(Constraint, usize)>,
}

impl Findings {
    fn violated(&mut self, constraint: Constraint, path: String, message: String) {
        self.add(Violation { constraint, message, path, in_key: false });
    }

    /// Constraints on node labels apply to the key.
    fn violated_by_key(&mut self, constraint: Constraint, node_key: &NodeKey<'_>, message: String) {
        let in_key = node_key.source == NodeKeySource::Selector;
        self.add(Violation { constraint, message, path: node_key.path.clone(), in_key });
    }

    fn add(&mut self, violation: Violation) {
        let constraint = violation.constraint;
        let same = self.violations.iter().rev().take_while(|other| other.constraint == constraint);
        if same.take(SHOWN).count() < SHOWN {
            self.violations.push(violation);
            return;
        }
        match self.unshown.last_mut() {
            Some((last, count)) if *last == constraint => *count += 1,
            _ => self.unshown.push((constraint, 1)),
        }
    }

    fn assumed(&mut self, rule: Rule, message: String) {
        if self.assumptions.len() < SHOWN {
            self.assumptions.push(Assumption { rule, message });
        }
    }

    fn assumed_if_denied(&mut self, rule: Rule, message: String) {
        if self.of_a_denial.len() < SHOWN {
            self.of_a_denial.push(Assumption { rule, message });
        }
    }
}

/// Returns all violations of the profile, by constraint and then in file order.
pub(crate) fn evaluate(workload: &Workload<'_>, options: &Options<'_>) -> Findings {
    let mut found = Findings::default();
    let profile = options.profile;
    for constraint in Constraint::ALL {
        if profile.enforces(constraint) {
            constraint.check(workload, options, &mut found);
        }
    }
    if found.violations.is_empty() && profile.enforces(Constraint::NoWriteModeHostPath) {
        host_path::assume_unmounted(workload, &mut found);
    }
    found
}

impl serde::Serialize for Constraint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> serde::Deserialize<'de> for Constraint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Constraint::with_id(&id)
            .ok_or_else(|| serde::de::Error::custom(format_args!("no constraint is named `{id}`")))
    }
}
