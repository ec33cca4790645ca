//! A fleet's policy as objects of a cluster.

use crate::admission;
use crate::fleet::{Policy, Rule};
use crate::object::Object;

/// The folder of a cluster that holds its policy and nothing else.
pub(crate) const FOLDER: &str = "policies";

pub(crate) fn file(policy: &Policy) -> String {
    format!("{FOLDER}/{}.yaml", policy.name)
}

pub(crate) fn objects(policy: &Policy) -> [Object; 2] {
    match &policy.rule {
        Rule::Forbid(forbid) => admission::forbid(forbid.operations, &policy.exempt),
        Rule::Allow(paths) => admission::allow_only(paths, &policy.exempt),
    }
}
