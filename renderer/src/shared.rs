//! Manifests that several clusters apply: written once, in folders that the clusters' kustomizations refer to.

use std::collections::BTreeSet;

use crate::fleet::{Gate, Plan, Policy, Synchronizer};
use crate::object::Object;
use crate::render::Tree;
use crate::{File, argo, kustomize, policy, synchronizer};

/// The folder of the tree that contains all shared folders.
pub(crate) const FOLDER: &str = "shared";

/// Whether a cluster's path is in the shared folder. The comparison ignores case, as some file systems do.
pub(crate) fn holds(path: &str) -> bool {
    path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(FOLDER))
}

/// Objects that are the same for all clusters, except for the annotations with which a delivery orders them.
#[derive(Clone, Copy)]
pub(crate) enum Shared<'f> {
    Policy(&'f Policy),
    Synchronizer(&'f Synchronizer),
}

impl Shared<'_> {
    /// The folder that contains only these objects, relative to the root of the tree.
    pub(crate) fn folder(self, in_waves: bool) -> String {
        let root = if in_waves { format!("{FOLDER}/argocd") } else { FOLDER.to_owned() };
        match self {
            Shared::Policy(policy) => format!("{root}/policies/{}", policy.name),
            Shared::Synchronizer(synchronizer) => format!("{root}/allowlists/{}", synchronizer.name),
        }
    }

    fn file(self) -> &'static str {
        match self {
            Shared::Policy(_) => "policy.yaml",
            Shared::Synchronizer(_) => "synchronizer.yaml",
        }
    }

    fn objects(self, in_waves: bool) -> Vec<Object> {
        let mut objects = match self {
            Shared::Policy(policy) => policy::objects(policy).to_vec(),
            Shared::Synchronizer(synchronizer) => vec![synchronizer::object(synchronizer)],
        };
        if in_waves {
            let order = match self {
                Shared::Policy(_) => argo::before_synchronizers,
                Shared::Synchronizer(_) => argo::before_workloads,
            };
            objects.iter_mut().for_each(order);
        }
        objects
    }
}

/// Returns the objects that a cluster shares with others, the policy first.
pub(crate) fn of<'f>(plan: &Plan<'f>) -> impl Iterator<Item = Shared<'f>> {
    let policy = match plan.gate() {
        Some(Gate::Policy(policy)) => Some(Shared::Policy(policy)),
        Some(Gate::Kubewarden(_) | Gate::Cel) | None => None,
    };
    policy
        .into_iter()
        .chain(plan.synchronizers.iter().map(|(_, synchronizer)| Shared::Synchronizer(synchronizer)))
}

/// Returns the shared folders that at least one cluster refers to.
pub(crate) fn files(tree: &Tree, plans: &[Plan<'_>]) -> Vec<File> {
    let mut files = Vec::new();
    let mut made = BTreeSet::new();
    for plan in plans {
        let in_waves = plan.in_waves();
        for shared in of(plan) {
            let folder = shared.folder(in_waves);
            if made.contains(&folder) {
                continue;
            }
            files.push(tree.file(format!("{folder}/{}", shared.file()), &shared.objects(in_waves)));
            let resources = vec![shared.file().to_owned()];
            files.push(tree.file(format!("{folder}/{}", kustomize::FILE), &[kustomize::object(resources)]));
            made.insert(folder);
        }
    }
    files
}
