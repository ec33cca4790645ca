//! The entries of the fleet that apply to each cluster.

use super::{
    Admission, By, Cel, Chart, Cluster, Controllers, Delivery, Existing, Fleet, Installer, Kubewarden,
    Origin, Policy, Synchronizer, Workload,
};
use crate::controller::Controller;

/// Everything that applies to one cluster, sorted by name. The indices are positions in the fleet's lists.
pub(crate) struct Plan<'f> {
    pub(crate) cluster: &'f Cluster,
    pub(crate) synchronizers: Vec<(usize, &'f Synchronizer)>,
    pub(crate) workloads: Vec<(usize, &'f Workload)>,
    pub(crate) policies: Vec<(usize, &'f Policy)>,
    /// Only for clusters with Kubewarden.
    pub(crate) kubewarden: Vec<(usize, &'f Kubewarden)>,
    /// Only for clusters on which ValidatingAdmissionPolicies evaluate workloads.
    pub(crate) cel: Vec<(usize, &'f Cel)>,
    /// Only for clusters on which hallpass-controller installs allowlists.
    pub(crate) controllers: Vec<(usize, &'f Controllers)>,
    pub(crate) deliveries: Vec<(usize, &'f Delivery)>,
}

/// What determines which synchronizers a cluster accepts.
#[derive(Clone, Copy)]
pub(crate) enum Gate<'f> {
    /// A ValidatingAdmissionPolicy.
    Policy(&'f Policy),
    /// The policy of hallpass, which also evaluates workloads.
    Kubewarden(&'f Kubewarden),
    /// ValidatingAdmissionPolicies, which also evaluate workloads.
    Cel,
}

impl<'f> Plan<'f> {
    /// Returns what must be applied before anything that it evaluates.
    pub(crate) fn gate(&self) -> Option<Gate<'f>> {
        match (self.kubewarden.first(), self.cel.first()) {
            (Some((_, kubewarden)), _) => Some(Gate::Kubewarden(kubewarden)),
            (None, Some(_)) => Some(Gate::Cel),
            (None, None) => self.policies.first().map(|(_, policy)| Gate::Policy(policy)),
        }
    }

    /// Returns the controller that installs the allowlists, unless GKE does.
    pub(crate) fn controller(&self) -> Option<Controller> {
        let (_, entry) = self.controllers.first()?;
        Some(Controller { gke_version: self.cluster.gke_version.clone(), ..entry.settings.clone() })
    }

    /// Returns the delivery tool; every cluster of a valid fleet has one.
    pub(crate) fn by(&self) -> Option<&By> {
        self.deliveries.first().map(|(_, delivery)| &delivery.by)
    }

    /// Returns the workloads that are charts.
    pub(crate) fn charts(&self) -> impl Iterator<Item = (&'f Workload, &'f Chart)> {
        self.workloads.iter().filter_map(|(_, workload)| match &workload.origin {
            Origin::Chart(chart) => Some((*workload, chart.as_ref())),
            Origin::Path(_) | Origin::Existing(_) => None,
        })
    }

    /// Returns the workloads that hallpass does not render.
    pub(crate) fn existing(&self) -> impl Iterator<Item = (&'f Workload, &'f Existing)> {
        self.workloads.iter().filter_map(|(_, workload)| match &workload.origin {
            Origin::Existing(existing) => Some((*workload, existing)),
            Origin::Path(_) | Origin::Chart(_) => None,
        })
    }

    /// Whether annotations order the resources, as in Argo CD.
    pub(crate) fn in_waves(&self) -> bool {
        matches!(self.by(), Some(By::Argo(_)))
    }
}

/// Returns one plan per cluster, in the order of the fleet file. Names do not depend on that order, so reordering the
/// file changes nothing on disk.
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
            cel: chosen(&spec.cel, |item| {
                cluster.admission == Admission::Cel && item.clusters.selects(cluster)
            }),
            controllers: chosen(&spec.controller, |item| {
                cluster.synchronizer == Installer::Hallpass && item.clusters.selects(cluster)
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
