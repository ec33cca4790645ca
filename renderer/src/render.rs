//! The whole tree from a fleet: a pure function.

use crate::fleet::{By, Plan, plans};
use crate::object::{self, Object};
use crate::{File, Fleet, argo, flux, kustomize, policy, synchronizer};

/// Renders a fleet: the same fleet gives the same files, in the order of their paths.
///
/// Each cluster has its folder; the Applications of Argo CD, which live on another cluster, have one of their own.
#[must_use]
pub fn render(fleet: &Fleet) -> Vec<File> {
    let tree = Tree {
        head: format!(
            "Made by `hallpass render` from fleet `{}`: change the fleet file, not this one.",
            fleet.name
        ),
    };
    let plans = plans(fleet);
    let mut files = argo::applications(&tree, fleet, &plans);
    for plan in &plans {
        cluster(&tree, fleet, plan, &mut files);
    }
    files.sort_unstable();
    files
}

/// What all files of a tree share.
pub(crate) struct Tree {
    head: String,
}

impl Tree {
    pub(crate) fn file(&self, path: String, objects: &[Object]) -> File {
        self.marked(path, &object::write(objects))
    }

    pub(crate) fn marked(&self, path: String, yaml: &str) -> File {
        File { path, contents: format!("# {}\n{yaml}", self.head) }
    }
}

fn cluster(tree: &Tree, fleet: &Fleet, plan: &Plan<'_>, files: &mut Vec<File>) {
    let root = &plan.cluster.path;
    let by = plan.deliveries.first().map(|(_, delivery)| &delivery.by);
    let mut applied = Vec::new();
    let waves = matches!(by, Some(By::Argo(_)));
    for (_, rule) in &plan.policies {
        applied.push(policy::file(rule));
        let mut objects = policy::objects(rule);
        if waves {
            objects.iter_mut().for_each(argo::before_synchronizers);
        }
        files.push(tree.file(format!("{root}/{}", policy::file(rule)), &objects));
    }
    for (_, wanted) in &plan.synchronizers {
        applied.push(synchronizer::file(wanted));
        let mut object = synchronizer::object(wanted);
        if waves {
            argo::before_workloads(&mut object);
        }
        files.push(tree.file(format!("{root}/{}", synchronizer::file(wanted)), &[object]));
    }
    if let Some(By::Flux(settings)) = by {
        // Flux applies its own objects, and they the rest, each in its turn.
        applied = flux::files(tree, fleet, plan, settings, files);
    }
    files.push(tree.file(format!("{root}/{}", kustomize::FILE), &[kustomize::object(applied)]));
}
