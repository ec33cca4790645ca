//! Checks that each cluster with Kubewarden is selected by one entry, with settings that the policy accepts.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Diagnostics, Value};
use hallpass_kubewarden::check_settings;
use serde_json::Value as Json;

use super::selected_twice;
use crate::fleet::{Admission, Fleet, Installer, Kubewarden, Plan};

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, kubewarden) in fleet.spec.kubewarden.iter().enumerate() {
        let at = format!("/spec/kubewarden/{index}");
        settings(&format!("{at}/settings"), kubewarden, faults);
        let selected = || fleet.spec.clusters.iter().filter(|cluster| kubewarden.clusters.selects(cluster));
        if selected().next().is_some() && selected().all(|cluster| cluster.admission == Admission::Gke) {
            let message = "this entry selects no cluster with `admission: kubewarden`";
            faults.error(
                Diagnostic::new(format!("{at}/clusters"), message)
                    .help("add it to the intended clusters, or remove the entry"),
            );
        }
    }
    let mut duplicates: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (index, plan) in plans.iter().enumerate() {
        let cluster = plan.cluster;
        match plan.kubewarden.as_slice() {
            [] if cluster.admission == Admission::Kubewarden => faults.error(
                Diagnostic::new(
                    format!("/spec/clusters/{index}/admission"),
                    format!("no entry of `kubewarden` selects cluster `{}`", cluster.name),
                )
                .help("add one that selects it, with the `module` to run"),
            ),
            [] | [_] => {}
            [_, more @ ..] => {
                more.iter().for_each(|(index, _)| duplicates.entry(*index).or_default().push(&cluster.name));
            }
        }
        let by_gke = cluster.synchronizer == Installer::Gke;
        if by_gke && cluster.gke_version.is_none() && !plan.synchronizers.is_empty() {
            let message = format!("cluster `{}` gets a synchronizer, but has no `gkeVersion`", cluster.name);
            faults.error(Diagnostic::new(format!("/spec/clusters/{index}"), message).help(
                "outside GKE, only hallpass-controller reads synchronizers: set `synchronizer: hallpass`, narrow the \
                 synchronizer's `clusters`, or set the version",
            ));
        }
    }
    selected_twice("kubewarden", duplicates, faults, |clusters| {
        (
            format!("this entry selects {clusters}, which another entry already selects"),
            "select each cluster in only one entry of `kubewarden`",
        )
    });
}

/// Fields that come from elsewhere in the fleet, and what to write there.
const ELSEWHERE: [(&str, &str); 2] = [
    ("gkeVersion", "set `gkeVersion` in the cluster"),
    ("synchronizers", "add an entry to `policies`: it becomes part of the settings"),
];

fn settings(at: &str, kubewarden: &Kubewarden, faults: &mut Diagnostics) {
    for (field, help) in ELSEWHERE {
        if kubewarden.settings.contains_key(field) {
            faults.error(
                Diagnostic::new(
                    format!("{at}/{field}"),
                    format!("`{field}` does not belong in the settings of a fleet"),
                )
                .in_key()
                .help(help),
            );
        }
    }
    let json = Json::Object(kubewarden.settings.clone()).to_string();
    match Value::from_json(json.as_bytes()) {
        Ok(settings) => {
            for mut fault in check_settings(&settings) {
                fault.path.insert_str(0, at);
                faults.error(fault);
            }
        }
        // Valid for the reader of the fleet is usually valid for the policy, but the policy decides.
        Err(error) => faults.error(
            Diagnostic::new(at.to_owned(), format!("the settings are {error}"))
                .help("write them as plain YAML"),
        ),
    }
    let says = |field: &str, text: &str| kubewarden.settings.get(field).is_some_and(|value| value == text);
    let writers = kubewarden.settings.get("workloadAllowlists").and_then(|field| field.get("writers"));
    if says("allowlistsFrom", "cluster") && writers.is_none() {
        let message = "allowlists come from the cluster, but nobody may write them";
        faults.warn(Diagnostic::new(format!("{at}/allowlistsFrom"), message).help(
            "list the writers in `workloadAllowlists.writers`, such as the account of Flux or Argo CD",
        ));
    }
}
