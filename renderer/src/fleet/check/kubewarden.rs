//! Each cluster with Kubewarden has one way to set it, and settings that the policy itself would take.

use std::collections::BTreeMap;

use hallpass_document::{Fault, Faults, Value};
use hallpass_kubewarden::check_settings;
use serde_json::Value as Json;

use super::selected_twice;
use crate::fleet::{Admission, Fleet, Kubewarden, Plan};

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Faults) {
    for (index, kubewarden) in fleet.spec.kubewarden.iter().enumerate() {
        let at = format!("/spec/kubewarden/{index}");
        settings(&format!("{at}/settings"), kubewarden, faults);
        let selected = || fleet.spec.clusters.iter().filter(|cluster| kubewarden.clusters.selects(cluster));
        if selected().next().is_some() && selected().all(|cluster| cluster.admission == Admission::Gke) {
            let message = "this entry selects no cluster with `admission: kubewarden`";
            faults.error(
                Fault::new(format!("{at}/clusters"), message)
                    .help("write that at the clusters that it is for, or remove the entry"),
            );
        }
    }
    let mut doubled: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (index, plan) in plans.iter().enumerate() {
        let cluster = plan.cluster;
        match plan.kubewarden.as_slice() {
            [] if cluster.admission == Admission::Kubewarden => faults.error(
                Fault::new(
                    format!("/spec/clusters/{index}/admission"),
                    format!("no entry of `kubewarden` selects cluster `{}`", cluster.name),
                )
                .help("add one that does, with the `module` to run"),
            ),
            [] | [_] => {}
            [_, more @ ..] => {
                more.iter().for_each(|(index, _)| doubled.entry(*index).or_default().push(&cluster.name));
            }
        }
        if cluster.gke_version.is_none() && !plan.synchronizers.is_empty() {
            let message = format!("cluster `{}` gets a synchronizer, and has no `gkeVersion`", cluster.name);
            faults.error(Fault::new(format!("/spec/clusters/{index}"), message).help(
                "off GKE nothing installs what a synchronizer asks for: narrow its `clusters`, or state the version",
            ));
        }
    }
    selected_twice("kubewarden", doubled, faults, |clusters| {
        (
            format!("this entry selects {clusters}, which another one sets"),
            "let each cluster be selected by one entry of `kubewarden`",
        )
    });
}

/// Fields that the rest of the fleet fills in, and where.
const ELSEWHERE: [(&str, &str); 2] = [
    ("gkeVersion", "write it at the cluster, as `gkeVersion`"),
    ("synchronizers", "write an entry of `policies`: it becomes a part of the settings"),
];

fn settings(at: &str, kubewarden: &Kubewarden, faults: &mut Faults) {
    for (field, help) in ELSEWHERE {
        if kubewarden.settings.contains_key(field) {
            faults.error(
                Fault::new(
                    format!("{at}/{field}"),
                    format!("`{field}` does not belong into the settings here"),
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
        // What the fleet's reader took, the policy's takes: but the policy is who has to.
        Err(error) => faults.error(
            Fault::new(at.to_owned(), format!("the settings are {error}"))
                .help("write them as YAML has them"),
        ),
    }
    let says = |field: &str, text: &str| kubewarden.settings.get(field).is_some_and(|value| value == text);
    let writers = kubewarden.settings.get("workloadAllowlists").and_then(|field| field.get("writers"));
    if says("allowlistsFrom", "cluster") && writers.is_none() {
        let message = "allowlists come from the cluster, and nobody may write them there";
        faults.warn(Fault::new(format!("{at}/allowlistsFrom"), message).help(
            "name who does under `workloadAllowlists.writers`, such as the account of Flux or Argo CD",
        ));
    }
}
