//! The ValidatingAdmissionPolicies that evaluate workloads on clusters with `admission: cel`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hallpass_compile::{DIFFERENCES, NAME, Options, Policy, compile};
use hallpass_document::{Diagnostic, Diagnostics};
use hallpass_policy::{AllowlistSet, GkeVersion};

use crate::fleet::{Cel, Fleet, Plan, plans, words};
use crate::object::{self, Object};
use crate::render::Tree;
use crate::{File, argo, policy};

/// The folder of a cluster that contains only these policies, and the one for synchronizers.
pub(crate) const FOLDER: &str = "cel";

/// The largest object for a client-side apply, in bytes of JSON. kubectl and Argo CD then store the whole object in an
/// annotation, and Kubernetes accepts 256 KiB of annotations. This leaves room for others.
const LARGEST_CLIENT_SIDE: usize = 250_000;

/// The policies of a fleet's clusters with `admission: cel`.
#[derive(Clone, Debug)]
pub struct WorkloadPolicies {
    /// Policies and bindings, by entry of `cel` and the cluster's version.
    objects: BTreeMap<(usize, Option<GkeVersion>), Vec<Object>>,
}

impl WorkloadPolicies {
    /// Compiles every entry of `cel` without its allowlists: until [`load`](Self::load) adds them, the policies refuse all
    /// workloads that need one.
    #[must_use]
    pub fn new(fleet: &Fleet) -> Self {
        let mut policies = WorkloadPolicies { objects: BTreeMap::new() };
        for index in 0..fleet.spec.cel.len() {
            // Whatever is too large now is also too large with allowlists.
            policies.load(fleet, index, &AllowlistSet::default());
        }
        policies
    }

    /// Compiles an entry of `cel` with its allowlists. Returns what the API server would refuse, and warnings for
    /// allowlists that admit nothing on a cluster.
    pub fn load(&mut self, fleet: &Fleet, index: usize, allowlists: &AllowlistSet<'_>) -> Diagnostics {
        let mut faults = Diagnostics::default();
        let Some(entry) = fleet.spec.cel.get(index) else { return faults };
        let pointer = format!("/spec/cel/{index}/allowlists");
        let mut too_new: BTreeMap<(String, GkeVersion), Vec<&str>> = BTreeMap::new();
        for (target, clusters) in targets(fleet, index) {
            let compiled = compiled(entry, target, allowlists);
            // The policies for other versions have nearly the same size.
            if faults.errors.is_empty() {
                for excess in compiled.excesses() {
                    let fault = Diagnostic::new(pointer.clone(), excess.to_string());
                    faults.error(fault.help(excess.help()));
                }
            }
            for allowlist in compiled.too_new {
                too_new.entry(allowlist).or_default().extend(&clusters);
            }
            let objects = compiled.policies.into_iter();
            let objects =
                objects.flat_map(|Policy { policy, bindings, .. }| [vec![policy], bindings].concat());
            self.objects.insert((index, target), objects.collect());
        }
        for ((allowlist, version), clusters) in too_new {
            let Some(clusters) = words::clusters(clusters) else { continue };
            let message =
                format!("allowlist `{allowlist}` needs GKE `{version}`, so it admits nothing on {clusters}");
            faults.warn(Diagnostic::new(pointer.clone(), message).help("upgrade, or remove the allowlist"));
        }
        faults
    }

    fn of(&self, plan: &Plan<'_>) -> Vec<Object> {
        let key = plan.cel.first().map(|(index, _)| (*index, plan.cluster.version()));
        key.and_then(|key| self.objects.get(&key)).cloned().unwrap_or_default()
    }
}

/// The clusters of an entry by version, in the order of the fleet.
fn targets(fleet: &Fleet, index: usize) -> BTreeMap<Option<GkeVersion>, Vec<&str>> {
    let mut targets: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    let plans = plans(fleet).into_iter();
    for plan in plans.filter(|plan| plan.cel.iter().any(|(chosen, _)| *chosen == index)) {
        targets.entry(plan.cluster.version()).or_default().push(&plan.cluster.name);
    }
    targets
}

fn compiled(
    entry: &Cel,
    target: Option<GkeVersion>,
    allowlists: &AllowlistSet<'_>,
) -> hallpass_compile::Compiled {
    let mut excluded = vec!["kube-system".to_owned()];
    excluded.extend(entry.exclude_namespaces.iter().cloned());
    excluded.sort_unstable();
    excluded.dedup();
    let options = Options {
        name: NAME,
        profile: &entry.profile,
        target,
        shard: entry.shard,
        exempt: &entry.exempt,
        excluded_namespaces: &excluded,
        bindings: &entry.bindings,
    };
    compile(allowlists, &options)
}

/// Adds the policies of a cluster to `files`: for workloads, and for synchronizers if the fleet has one. Returns the files,
/// relative to the cluster's folder.
pub(crate) fn files(
    tree: &Tree,
    plan: &Plan<'_>,
    policies: &WorkloadPolicies,
    files: &mut Vec<File>,
) -> Vec<String> {
    let mut add = |name: &str, remarks: &str, mut objects: Vec<Object>| {
        if plan.in_waves() {
            objects.iter_mut().for_each(deliver);
        }
        let file = format!("{FOLDER}/{name}.yaml");
        files.push(File {
            path: format!("{}/{file}", plan.cluster.path),
            contents: tree.marked(&format!("{remarks}{}", object::write(&objects))),
        });
        file
    };
    let mut added = vec![add("workloads", &differences(), policies.of(plan))];
    let synchronizers = plan.policies.first().map(|(_, policy)| policy::objects(policy).to_vec());
    added.extend(synchronizers.map(|objects| add("synchronizers", "", objects)));
    added
}

/// Makes Argo CD apply a policy before synchronizers, and a large one without an annotation that would be too large.
fn deliver(object: &mut Object) {
    let size = object.to_string().len();
    argo::before_synchronizers(object);
    if size > LARGEST_CLIENT_SIDE {
        argo::server_side(object);
    }
}

/// The differences from the verdicts of `hallpass check`, as comments.
pub(crate) fn differences() -> String {
    let mut text = "# The API server refuses more than `hallpass check` in these cases:\n".to_owned();
    for difference in DIFFERENCES {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# - {}: {}", difference.id, difference.text);
    }
    text
}
