//! Checks that each cluster with `admission: cel` is selected by one entry, with settings that Kubernetes accepts.

use hallpass_compile::{Action, Binding, Selector};
use hallpass_document::{Diagnostic, Diagnostics};
use serde_json::Value as Json;

use super::one_entry::OneEntry;
use super::relative_path;
use crate::fleet::cel::read_profile;
use crate::fleet::{Admission, Fleet};

/// Checks the profiles and the selectors of namespaces in a fleet that conforms to the schema, before they are read.
pub(in crate::fleet) fn texts(fleet: &Json, faults: &mut Diagnostics) {
    let entries = fleet.pointer("/spec/cel").and_then(Json::as_array).into_iter().flatten();
    for (index, entry) in entries.enumerate() {
        let at = format!("/spec/cel/{index}");
        if let Some(Err(wrong)) = entry.get("profile").map(read_profile) {
            wrong.into_iter().for_each(|fault| faults.error(fault.below(&format!("{at}/profile"))));
        }
        let bindings = entry.get("bindings").and_then(Json::as_array).into_iter().flatten();
        for (position, binding) in bindings.enumerate() {
            let namespaces = binding.get("namespaces").and_then(Json::as_str);
            if let Some(Err(error)) = namespaces.map(str::parse::<Selector>) {
                let pointer = format!("{at}/bindings/{position}/namespaces");
                faults.error(
                    Diagnostic::new(pointer, error.to_string())
                        .help("select namespaces by their labels, such as `env=prod`"),
                );
            }
        }
    }
}

pub(super) fn check(fleet: &Fleet, faults: &mut Diagnostics) {
    for (index, entry) in fleet.spec.cel.iter().enumerate() {
        let at = format!("/spec/cel/{index}");
        for (position, path) in entry.allowlists.iter().enumerate() {
            relative_path(format!("{at}/allowlists/{position}"), path, faults);
        }
        for (position, binding) in entry.bindings.iter().enumerate() {
            check_actions(format!("{at}/bindings/{position}/actions"), &binding.actions, faults);
        }
    }
    let list = OneEntry {
        list: "cel",
        selectors: fleet.spec.cel.iter().map(|entry| &entry.clusters).collect(),
        setting: ("admission", "cel"),
        has: |cluster| cluster.admission == Admission::Cel,
        with: "the `allowlists` to compile",
    };
    list.check(&fleet.spec.clusters, faults);
}

/// Checks that Kubernetes accepts a binding with these actions.
pub(super) fn check_actions(pointer: String, actions: &[Action], faults: &mut Diagnostics) {
    if let Err(message) = Binding::new(actions.to_vec(), None) {
        faults.error(Diagnostic::new(pointer, message).help("leave one of them out"));
    }
}
