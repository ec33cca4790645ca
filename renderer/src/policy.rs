//! A fleet's policy as cluster objects.

use crate::admission;
use crate::fleet::{Policy, Rule};
use crate::object::Object;

pub(crate) fn objects(policy: &Policy) -> [Object; 2] {
    match &policy.rule {
        Rule::Forbid(forbid) => admission::forbid(forbid.operations, &policy.exempt),
        Rule::Allow(paths) => admission::allow_only(paths, &policy.exempt),
    }
}
