//! Renders the whole tree from a fleet. A pure function.

use rayon::prelude::*;

use crate::fleet::{By, Gate, Plan, plans};
use crate::object::{self, Object};
use crate::{File, Fleet, WorkloadPolicies, argo, cel, controller, flux, kubewarden, kustomize, shared};

/// The first words of every rendered file and of the lock file.
pub const HEAD: &str = "# Made by `hallpass render`";

/// Renders a fleet. The same fleet, with the same policies for workloads, always renders to the same files, sorted by
/// path.
///
/// Each cluster has its own folder. Shared manifests have separate folders, and so have the Applications of Argo CD,
/// because they belong to another cluster.
#[must_use]
pub fn render(fleet: &Fleet, policies: &WorkloadPolicies) -> Vec<File> {
    let tree = Tree { head: first_line(&fleet.name) };
    let plans = plans(fleet);
    let mut files = argo::applications(&tree, fleet, &plans);
    files.extend(shared::files(&tree, &plans));
    files.par_extend(plans.par_iter().flat_map_iter(|plan| cluster(&tree, fleet, policies, plan)));
    files.par_sort_unstable();
    files
}

/// Returns the first line of every file that is rendered from a fleet.
#[must_use]
pub fn first_line(fleet: &str) -> String {
    format!("{HEAD} from fleet `{fleet}`: change the fleet file, not this one.")
}

/// The header of all files in a tree.
pub(crate) struct Tree {
    head: String,
}

impl Tree {
    pub(crate) fn file(&self, path: String, objects: &[Object]) -> File {
        File { path, contents: self.marked(&object::write(objects)) }
    }

    /// Adds the header to a YAML file.
    pub(crate) fn marked(&self, yaml: &str) -> String {
        format!("{}\n{yaml}", self.head)
    }
}

fn cluster(tree: &Tree, fleet: &Fleet, policies: &WorkloadPolicies, plan: &Plan<'_>) -> Vec<File> {
    let root = &plan.cluster.path;
    let mut files = Vec::new();
    let mut own = controller::files(tree, plan, &mut files);
    match plan.gate() {
        Some(Gate::Kubewarden(set)) => {
            let mut object =
                kubewarden::object(plan.cluster, set, plan.policies.first().map(|(_, policy)| *policy));
            if plan.in_waves() {
                argo::before_synchronizers(&mut object);
            }
            let file = format!("{}/{}", kubewarden::FOLDER, kubewarden::FILE);
            files.push(tree.file(format!("{root}/{file}"), &[object]));
            own.push(file);
        }
        Some(Gate::Cel) => own.extend(cel::files(tree, plan, policies, &mut files)),
        Some(Gate::Policy(_)) | None => {}
    }
    let namespaces = if plan.in_waves() { argo::namespaces(plan) } else { Vec::new() };
    if !namespaces.is_empty() {
        files.push(tree.file(format!("{root}/{}", argo::NAMESPACES_FILE), &namespaces));
        own.push(argo::NAMESPACES_FILE.to_owned());
    }
    let applied = match plan.by() {
        // Flux applies its own objects, which apply the others in order.
        Some(By::Flux(settings)) => flux::files(tree, fleet, plan, settings, &mut files),
        _ => {
            let up = "../".repeat(root.split('/').count());
            own.extend(shared::of(plan).map(|shared| format!("{up}{}", shared.folder(plan.in_waves()))));
            own
        }
    };
    files.push(tree.file(format!("{root}/{}", kustomize::FILE), &[kustomize::object(applied)]));
    files
}
