//! The files of the controller in a cluster's folder.

use super::{crds, policies, program};
use crate::fleet::{By, Plan};
use crate::object::Object;
use crate::render::Tree;
use crate::{File, argo, flux};

/// The folder of a cluster that contains only the controller.
pub(crate) const FOLDER: &str = "controller";

/// Adds the controller of a cluster to `files`. Returns the files, relative to the cluster's folder.
pub(crate) fn files(tree: &Tree, plan: &Plan<'_>, files: &mut Vec<File>) -> Vec<String> {
    let Some(controller) = plan.controller() else { return Vec::new() };
    let mut add = |name: &str, mut objects: Vec<Object>| {
        objects.iter_mut().for_each(|object| deliver(plan, object));
        let file = format!("{FOLDER}/{name}.yaml");
        files.push(tree.file(format!("{}/{file}", plan.cluster.path), &objects));
        file
    };
    vec![
        add("crds", crds::crds()),
        add("controller", program(&controller)),
        add("policies", policies(&controller)),
    ]
}

/// Orders an object, and keeps its removal from the tree from removing objects of others: a CRD's objects are all
/// synchronizers and allowlists, and the namespace may contain Secrets.
fn deliver(plan: &Plan<'_>, object: &mut Object) {
    let kind = object.get("kind").and_then(Object::as_str).unwrap_or_default().to_owned();
    let holds_others = matches!(kind.as_str(), "CustomResourceDefinition" | "Namespace");
    match plan.by() {
        Some(By::Argo(_)) => {
            if kind == "CustomResourceDefinition" {
                argo::before_controller(object);
            } else {
                argo::before_policies(object);
            }
            if holds_others {
                argo::keep(object);
            }
        }
        Some(By::Flux(_)) if holds_others => flux::keep(object),
        Some(By::Flux(_) | By::Plain {}) | None => {}
    }
}
