//! The violations of a workload (section Constraints of docs/semantics.md): one file per constraint.

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
use crate::constraint::Constraint;
use crate::decision::{Assumption, Rule, SHOWN, Violation};
use hallpass_workload::{NodeKey, NodeKeySource, Workload};

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
            check(constraint, workload, options, &mut found);
        }
    }
    if found.violations.is_empty() && profile.enforces(Constraint::NoWriteModeHostPath) {
        host_path::assume_unmounted(workload, &mut found);
    }
    found
}

fn check(constraint: Constraint, workload: &Workload<'_>, options: &Options<'_>, found: &mut Findings) {
    let profile = options.profile;
    match constraint {
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
