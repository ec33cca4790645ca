//! The setting `synchronizers`: the equivalent of [`crate::admission`] for the policy of hallpass.

use hallpass_policy::synchronizer::AllowedPath;
use serde_json::{Value, json};

use crate::admission::{Exempt, Operations};
use crate::object::set;

/// Forbids all synchronizers, like [`crate::admission::forbid`].
#[must_use]
pub fn forbid(operations: Operations, exempt: &Exempt) -> Value {
    let forbidden = match operations {
        Operations::Removable => "removable",
        Operations::Documented => "documented",
    };
    with(exempt, json!({ "forbidden": forbidden }))
}

/// Allows only listed allowlists, like [`crate::admission::allow_only`].
#[must_use]
pub fn allow_only(paths: &[AllowedPath], exempt: &Exempt) -> Value {
    let entries = paths.iter().map(|AllowedPath { path, bucket_name, project_number }| {
        let mut entry = json!({ "path": path });
        set(&mut entry, "bucketName", bucket_name.as_deref());
        set(&mut entry, "projectNumber", *project_number);
        entry
    });
    with(exempt, json!({ "allowedPaths": entries.collect::<Vec<_>>() }))
}

fn with(exempt: &Exempt, mut rule: Value) -> Value {
    let Exempt { users, groups } = exempt;
    let is_any = !users.is_empty() || !groups.is_empty();
    set(&mut rule, "exempt", is_any.then(|| json!({ "users": users, "groups": groups })));
    rule
}
