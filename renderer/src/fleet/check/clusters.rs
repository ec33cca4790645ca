//! Checks versions, and folders that would mix two outputs.

use hallpass_document::{Diagnostic, Diagnostics};
use hallpass_policy::GkeVersion;

use crate::fleet::{Fleet, Output};
use crate::output_path::unfit;
use crate::shared;

const SUCH_AS: &str = "set a folder of the tree, such as `clusters/prod-eu-1`";

pub(super) fn check(fleet: &Fleet, faults: &mut Diagnostics) {
    for (index, cluster) in fleet.spec.clusters.iter().enumerate() {
        if let Some(Err(error)) = cluster.gke_version.as_ref().map(|version| version.parse::<GkeVersion>()) {
            faults.error(
                Diagnostic::new(
                    format!("/spec/clusters/{index}/gkeVersion"),
                    format!("cluster `{}`: {error}", cluster.name),
                )
                .help("`gcloud container clusters describe` prints it as `currentMasterVersion`"),
            );
        }
    }
    let outputs = fleet.outputs();
    for Output { path, pointer, whose } in &outputs {
        if let Some(reason) = unfit(path) {
            let message = format!("path `{path}` of {whose} {reason}");
            faults.error(Diagnostic::new(pointer.clone(), message).help(SUCH_AS));
        } else if shared::holds(path) {
            let message = format!(
                "path `{path}` of {whose} is in `{}`, which is reserved for shared manifests",
                shared::FOLDER
            );
            faults.error(Diagnostic::new(pointer.clone(), message).help(SUCH_AS));
        }
    }
    mixtures(&outputs, faults);
}

fn mixtures(outputs: &[Output<'_>], faults: &mut Diagnostics) {
    // In lower case, because some file systems ignore case, and with a trailing slash, so that everything inside a
    // folder directly follows it.
    let folder = |output: &Output<'_>| format!("{}/", output.path).to_lowercase();
    let mut sorted: Vec<_> = outputs.iter().map(|output| (folder(output), output)).collect();
    sorted.sort_by(|(one, first), (other, second)| {
        (one, first.path, &first.whose).cmp(&(other, second.path, &second.whose))
    });
    let mut outer: Option<(&str, &Output<'_>)> = None;
    for (folder, inner) in &sorted {
        match outer {
            Some((around, outer)) if folder.starts_with(around) => {
                faults.error(mixed(outer, inner, folder == around));
            }
            _ => outer = Some((folder, *inner)),
        }
    }
}

fn mixed(outer: &Output<'_>, inner: &Output<'_>, same: bool) -> Diagnostic {
    let message = if inner.path == outer.path {
        format!("{} and {} both write to `{}`", outer.whose, inner.whose, inner.path)
    } else if same {
        format!(
            "`{}` of {} and `{}` of {} differ only in case, which some file systems ignore",
            outer.path, outer.whose, inner.path, inner.whose
        )
    } else {
        format!("`{}` of {} is in `{}`, which {} writes to", inner.path, inner.whose, outer.path, outer.whose)
    };
    Diagnostic::new(inner.pointer.clone(), message)
        .help("give each a separate folder, not inside another one")
}
