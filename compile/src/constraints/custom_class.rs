//! C6: labels in addition to a custom compute class.

use hallpass_policy::Profile;
use hallpass_workload::COMPUTE_CLASS;

use super::listed;
use crate::text::{list, literal};
use crate::workload::{NodeKeys, Requirement, any_class};

pub(super) fn messages(profile: &Profile) -> String {
    let class = &profile.custom_class;
    let built_in = list(class.built_in.iter().map(String::as_str));
    let refused = |label: &Requirement| {
        format!("{} != '{COMPUTE_CLASS}' && !{}", label.key, listed(label.key, &[&class.allowed]))
    };
    let end = literal(&format!(
        "' is not allowed: Custom Compute Classes can only be used along labels with keys: {}.",
        class.allowed.join(",")
    ));
    let messages =
        NodeKeys::messages(refused, |label| format!("{} + {} + {end}", literal("Key '"), label.key));
    format!("!({}) ? [] :\n{messages}", any_class(&format!("!(other in {built_in})")))
}
