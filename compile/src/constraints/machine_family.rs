//! C11: a machine family needs a compute class that accepts one.

use hallpass_policy::Profile;

use crate::text::{list, literal};
use crate::workload::{NodeKeys, any_demanded_class};

const MACHINE_FAMILY: &str = "cloud.google.com/machine-family";

pub(super) fn messages(profile: &Profile) -> String {
    let classes = list(profile.machine_family_classes.iter().map(String::as_str));
    let message = literal(&format!(
        "Pods with node selector or affinity for \"{MACHINE_FAMILY}\" must also specify compute class \"{}\".",
        profile.machine_family_classes.join("\", \"")
    ));
    let selected = NodeKeys::any(|label| format!("{} == '{MACHINE_FAMILY}'", label.key));
    format!(
        "({selected}) &&\n(!({}) ||\n({})) ?\n  [{message}] : []",
        any_demanded_class("true"),
        any_demanded_class(&format!("!(class in {classes})"))
    )
}
