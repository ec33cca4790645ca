//! Flux: one Kustomization per synchronizer and per workload, so that a workload waits only for its own allowlists.

mod merge;
mod release;

use serde_json::{Value, json};

use crate::fleet::{Fleet, Flux, Gate, Origin, Plan, Synchronizer, Workload};
use crate::object::{self, Object, set};
use crate::render::Tree;
use crate::shared::Shared;
use crate::{File, cel, controller, health, kubewarden};
use merge::merge;

pub(crate) use merge::{Merged, Place};

/// The file with all Kustomizations of a cluster, in the order in which Flux applies them.
const FILE: &str = "flux.yaml";

/// Returns the names of all Kustomizations of a cluster.
pub(crate) fn names(fleet: &Fleet, plan: &Plan<'_>) -> Vec<String> {
    let name = Names { fleet };
    let controller = plan.controllers.first().map(|_| name.controller());
    let policies = plan.gate().map(|_| name.policies());
    let synchronizers = plan.synchronizers.iter().map(|(_, synchronizer)| name.allowlist(&synchronizer.name));
    let rendered = plan.workloads.iter().filter(|(_, item)| !matches!(item.origin, Origin::Existing(_)));
    let workloads = rendered.map(|(_, workload)| name.workload(&workload.name));
    controller.into_iter().chain(policies).chain(synchronizers).chain(workloads).collect()
}

/// Adds the Flux objects of a cluster to `files`. Returns the file that the cluster's root kustomization applies, if
/// any.
pub(crate) fn files(
    tree: &Tree,
    fleet: &Fleet,
    plan: &Plan<'_>,
    settings: &Flux,
    files: &mut Vec<File>,
) -> Vec<String> {
    let delivery = Delivery { name: Names { fleet }, plan, settings };
    let root = &plan.cluster.path;
    for (workload, chart) in plan.charts() {
        let file = format!("{root}/{}/release.yaml", chart_folder(workload));
        files.push(tree.file(file, &delivery.release(workload, chart)));
    }
    let kustomizations = delivery.kustomizations();
    if kustomizations.is_empty() {
        return Vec::new();
    }
    files.push(tree.file(format!("{root}/{FILE}"), &kustomizations));
    vec![FILE.to_owned()]
}

/// Keeps Flux from removing an object.
pub(crate) fn keep(object: &mut Object) {
    object::annotate(object, "kustomize.toolkit.fluxcd.io/prune", "disabled");
}

/// Returns the fields that a fleet adds to the HelmRelease of a workload.
pub(crate) fn release_fields(settings: &Flux, workload: &Workload) -> Value {
    let mut fields = json!({});
    for added in [&settings.merge.helm_release, &workload.flux.helm_release].into_iter().flatten() {
        merge(&mut fields, added);
    }
    fields
}

/// Returns the names of the Kustomizations that a workload waits for, sorted.
pub(crate) fn after(fleet: &Fleet, workload: &Workload) -> Vec<String> {
    let mut after: Vec<String> =
        workload.waits_for.iter().map(|wanted| Names { fleet }.allowlist(wanted)).collect();
    after.sort_unstable();
    after
}

/// Returns the name of a chart's HelmRelease and of its source.
pub(crate) fn release_name(fleet: &Fleet, workload: &Workload) -> String {
    format!("{}-{}", fleet.name, workload.name)
}

fn chart_folder(workload: &Workload) -> String {
    format!("workloads/{}", workload.name)
}

/// All names contain the name of the fleet, because two fleets may share a cluster.
struct Names<'f> {
    fleet: &'f Fleet,
}

impl Names<'_> {
    fn controller(&self) -> String {
        format!("{}-controller", self.fleet.name)
    }

    fn policies(&self) -> String {
        format!("{}-policies", self.fleet.name)
    }

    fn allowlist(&self, synchronizer: &str) -> String {
        format!("{}-allowlist-{synchronizer}", self.fleet.name)
    }

    fn workload(&self, workload: &str) -> String {
        format!("{}-workload-{workload}", self.fleet.name)
    }
}

struct Delivery<'f> {
    name: Names<'f>,
    plan: &'f Plan<'f>,
    settings: &'f Flux,
}

impl Delivery<'_> {
    fn kustomizations(&self) -> Vec<Object> {
        let controller = self.plan.controllers.first().map(|_| self.controller());
        let policies = self.plan.gate().map(|gate| self.policies(gate));
        let allowlists = self.plan.synchronizers.iter().map(|(_, synchronizer)| self.allowlist(synchronizer));
        let workloads = self.plan.workloads.iter().filter_map(|(_, workload)| self.workload(workload));
        controller.into_iter().chain(policies).chain(allowlists).chain(workloads).collect()
    }

    fn controller(&self) -> Object {
        self.kustomization(self.name.controller(), &self.in_cluster(controller::FOLDER), &[], None)
    }

    /// The CRDs come with the controller.
    fn after_controller(&self) -> Vec<String> {
        self.plan.controllers.first().map(|_| self.name.controller()).into_iter().collect()
    }

    fn policies(&self, gate: Gate<'_>) -> Object {
        let path = match gate {
            Gate::Policy(policy) => self.shared(Shared::Policy(policy)),
            Gate::Kubewarden(_) => self.in_cluster(kubewarden::FOLDER),
            Gate::Cel => self.in_cluster(cel::FOLDER),
        };
        self.kustomization(self.name.policies(), &path, &self.after_controller(), None)
    }

    fn allowlist(&self, synchronizer: &Synchronizer) -> Object {
        // A policy that starts to allow a path must be applied before the synchronizer that uses the path.
        let mut after = self.after_controller();
        after.extend(self.plan.gate().map(|_| self.name.policies()));
        let path = self.shared(Shared::Synchronizer(synchronizer));
        let checks = json!([health::flux_expressions()]);
        self.kustomization(self.name.allowlist(&synchronizer.name), &path, &after, Some(checks))
    }

    fn workload(&self, workload: &Workload) -> Option<Object> {
        let after = after(self.name.fleet, workload);
        let path = match &workload.origin {
            Origin::Path(path) => format!("./{path}"),
            Origin::Chart(_) => self.in_cluster(&chart_folder(workload)),
            Origin::Existing(_) => return None,
        };
        let mut object = self.kustomization(self.name.workload(&workload.name), &path, &after, None);
        workload.flux.kustomization.iter().for_each(|fields| merge(&mut object, fields));
        Some(object)
    }

    fn shared(&self, shared: Shared<'_>) -> String {
        self.in_tree(&shared.folder(self.plan.in_waves()))
    }

    fn in_cluster(&self, folder: &str) -> String {
        self.in_tree(&format!("{}/{folder}", self.plan.cluster.path))
    }

    fn in_tree(&self, folder: &str) -> String {
        format!("./{}{folder}", self.settings.tree())
    }

    /// `wait` makes Flux check the health of everything that it applies. Without it or a list of checks, Flux checks
    /// nothing.
    fn kustomization(&self, name: String, path: &str, after: &[String], checks: Option<Value>) -> Object {
        let Flux { source_ref, namespace, interval, retry_interval, timeout, .. } = self.settings;
        let mut source = json!({ "kind": source_ref.kind, "name": source_ref.name });
        set(&mut source, "namespace", source_ref.namespace.as_deref());
        let mut object = json!({
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": { "name": name, "namespace": namespace },
            "spec": {
                "interval": interval,
                "path": path,
                "prune": true,
                "retryInterval": retry_interval,
                "sourceRef": source,
                "timeout": timeout,
                "wait": true,
            },
        });
        let names: Vec<Value> = after.iter().map(|name| json!({ "name": name })).collect();
        set_spec(&mut object, "dependsOn", Some(names).filter(|names| !names.is_empty()));
        set_spec(&mut object, "healthCheckExprs", checks);
        self.settings.merge.kustomization.iter().for_each(|fields| merge(&mut object, fields));
        object
    }
}

fn set_spec(object: &mut Object, key: &str, value: Option<impl Into<Value>>) {
    if let Some(spec) = object.get_mut("spec") {
        set(spec, key, value);
    }
}
