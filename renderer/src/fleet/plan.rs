//! What each cluster gets: selectors resolved.

use super::{Admission, By, Cluster, Delivery, Fleet, Kubewarden, Policy, Synchronizer, Workload};

/// All that concerns one cluster, in the order of names. The indices are places in the fleet's lists.
pub(crate) struct Plan<'f> {
    pub(crate) cluster: &'f Cluster,
    pub(crate) synchronizers: Vec<(usize, &'f Synchronizer)>,
    pub(crate) workloads: Vec<(usize, &'f Workload)>,
    pub(crate) policies: Vec<(usize, &'f Policy)>,
    /// Only where Kubewarden judges.
    pub(crate) kubewarden: Vec<(usize, &'f Kubewarden)>,
    pub(crate) deliveries: Vec<(usize, &'f Delivery)>,
}

/// What decides which synchronizers a cluster takes.
#[derive(Clone, Copy)]
pub(crate) enum Gate<'f> {
    /// A ValidatingAdmissionPolicy.
    Policy(&'f Policy),
    /// hallpass's policy, which also judges workloads.
    Kubewarden(&'f Kubewarden),
}

impl<'f> Plan<'f> {
    /// What must be there before anything that it judges.
    pub(crate) fn gate(&self) -> Option<Gate<'f>> {
        match self.kubewarden.first() {
            Some((_, kubewarden)) => Some(Gate::Kubewarden(kubewarden)),
            None => self.policies.first().map(|(_, policy)| Gate::Policy(policy)),
        }
    }

    /// What brings the manifests; a fleet that is whole has one for each cluster.
    pub(crate) fn by(&self) -> Option<&By> {
        self.deliveries.first().map(|(_, delivery)| &delivery.by)
    }

    /// Whether annotations order what is applied, as Argo CD does it.
    pub(crate) fn in_waves(&self) -> bool {
        matches!(self.by(), Some(By::Argo(_)))
    }
}

/// One plan a cluster, in the order of the fleet file. Names do not depend on that order, so that moving a line moves
/// nothing on disk.
pub(crate) fn plans(fleet: &Fleet) -> Vec<Plan<'_>> {
    let spec = &fleet.spec;
    let plan = |cluster| {
        let mut plan = Plan {
            cluster,
            synchronizers: chosen(&spec.synchronizers, |item| item.clusters.selects(cluster)),
            workloads: chosen(&spec.workloads, |item| item.clusters.selects(cluster)),
            policies: chosen(&spec.policies, |item| item.clusters.selects(cluster)),
            kubewarden: chosen(&spec.kubewarden, |item| {
                cluster.admission == Admission::Kubewarden && item.clusters.selects(cluster)
            }),
            deliveries: chosen(&spec.delivery, |item| item.clusters.selects(cluster)),
        };
        plan.synchronizers.sort_by_key(|(_, synchronizer)| &synchronizer.name);
        plan.workloads.sort_by_key(|(_, workload)| &workload.name);
        plan
    };
    spec.clusters.iter().map(plan).collect()
}

fn chosen<T>(items: &[T], selects: impl Fn(&T) -> bool) -> Vec<(usize, &T)> {
    items.iter().enumerate().filter(|(_, item)| selects(item)).collect()
}
