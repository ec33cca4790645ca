//! The whole tree from a fleet: a pure function.

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::fleet::{By, Plan, plans};
use crate::object::{self, Object};
use crate::{File, Fleet, argo, flux, kustomize, policy, synchronizer};

/// Renders a fleet: the same fleet gives the same files, in the order of their paths.
///
/// Each cluster has its folder; the Applications of Argo CD, which live on another cluster, have one of their own.
#[must_use]
pub fn render(fleet: &Fleet) -> Vec<File> {
    let spec = &fleet.spec;
    let tree = Tree {
        head: format!(
            "Made by `hallpass render` from fleet `{}`: change the fleet file, not this one.",
            fleet.name
        ),
        policies: spec.policies.iter().map(|_| Shared::default()).collect(),
        synchronizers: spec.synchronizers.iter().map(|_| Shared::default()).collect(),
    };
    let plans = plans(fleet);
    let mut files = argo::applications(&tree, fleet, &plans);
    files.par_extend(plans.par_iter().flat_map_iter(|plan| cluster(&tree, fleet, plan)));
    files.par_sort_unstable();
    files
}

/// What all files of a tree share.
pub(crate) struct Tree {
    head: String,
    policies: Vec<Shared>,
    synchronizers: Vec<Shared>,
}

/// A file that is the same on every cluster is written once: without waves, and with them.
#[derive(Default)]
struct Shared([OnceLock<String>; 2]);

impl Shared {
    fn contents(&self, waves: bool, write: impl FnOnce() -> String) -> String {
        let [without, with] = &self.0;
        if waves { with } else { without }.get_or_init(write).clone()
    }
}

impl Tree {
    pub(crate) fn file(&self, path: String, objects: &[Object]) -> File {
        File { path, contents: self.marked(&object::write(objects)) }
    }

    /// YAML with a head that says what made it.
    pub(crate) fn marked(&self, yaml: &str) -> String {
        format!("# {}\n{yaml}", self.head)
    }
}

fn cluster(tree: &Tree, fleet: &Fleet, plan: &Plan<'_>) -> Vec<File> {
    let root = &plan.cluster.path;
    let by = plan.deliveries.first().map(|(_, delivery)| &delivery.by);
    let waves = matches!(by, Some(By::Argo(_)));
    let (mut files, mut applied) = (Vec::new(), Vec::new());
    let mut add = |file: String, contents: String| {
        files.push(File { path: format!("{root}/{file}"), contents });
        applied.push(file);
    };
    for ((_, rule), shared) in
        plan.policies.iter().filter_map(|item| Some((item, tree.policies.get(item.0)?)))
    {
        let write = || {
            let mut objects = policy::objects(rule);
            if waves {
                objects.iter_mut().for_each(argo::before_synchronizers);
            }
            tree.marked(&object::write(&objects))
        };
        add(policy::file(rule), shared.contents(waves, write));
    }
    for ((_, wanted), shared) in
        plan.synchronizers.iter().filter_map(|item| Some((item, tree.synchronizers.get(item.0)?)))
    {
        let write = || {
            let mut object = synchronizer::object(wanted);
            if waves {
                argo::before_workloads(&mut object);
            }
            tree.marked(&object::write(&[object]))
        };
        add(synchronizer::file(wanted), shared.contents(waves, write));
    }
    if let Some(By::Flux(settings)) = by {
        // Flux applies its own objects, and they the rest, each in its turn.
        applied = flux::files(tree, fleet, plan, settings, &mut files);
    }
    files.push(tree.file(format!("{root}/{}", kustomize::FILE), &[kustomize::object(applied)]));
    files
}
