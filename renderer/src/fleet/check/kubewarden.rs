//! Checks that each cluster with Kubewarden is selected by one entry, with settings that the policy accepts.

use hallpass_document::{Diagnostic, Diagnostics, Value};
use hallpass_kubewarden::check_settings;
use serde_json::Value as Json;

use super::one_entry::OneEntry;
use crate::fleet::{Admission, Fleet, Installer, Kubewarden, Plan};

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, kubewarden) in fleet.spec.kubewarden.iter().enumerate() {
        settings(&format!("/spec/kubewarden/{index}/settings"), kubewarden, faults);
    }
    let list = OneEntry {
        list: "kubewarden",
        selectors: fleet.spec.kubewarden.iter().map(|entry| &entry.clusters).collect(),
        setting: ("admission", "kubewarden"),
        has: |cluster| cluster.admission == Admission::Kubewarden,
        with: "the `module` to run",
    };
    list.check(&fleet.spec.clusters, faults);
    for (index, plan) in plans.iter().enumerate() {
        let cluster = plan.cluster;
        let by_gke = cluster.synchronizer == Installer::Gke;
        if by_gke && cluster.gke_version.is_none() && !plan.synchronizers.is_empty() {
            let message = format!("cluster `{}` gets a synchronizer, but has no `gkeVersion`", cluster.name);
            faults.error(Diagnostic::new(format!("/spec/clusters/{index}"), message).help(
                "outside GKE, only hallpass-controller reads synchronizers: set `synchronizer: hallpass`, narrow the \
                 synchronizer's `clusters`, or set the version",
            ));
        }
    }
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
