//! The setting `synchronizers`: the equivalent of [`crate::admission`] for the policy of hallpass.

use hallpass_policy::synchronizer::AllowedPath;
use serde_json::{Value, json};

use crate::admission::{Exempt, Operations};

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
        if let (Some(bucket), Some(entry)) = (bucket_name, entry.as_object_mut()) {
            entry.insert("bucketName".to_owned(), bucket.as_str().into());
        }
        if let (Some(project), Some(entry)) = (project_number, entry.as_object_mut()) {
            entry.insert("projectNumber".to_owned(), (*project).into());
        }
        entry
    });
    with(exempt, json!({ "allowedPaths": entries.collect::<Vec<_>>() }))
}

fn with(exempt: &Exempt, mut rule: Value) -> Value {
    let Exempt { users, groups } = exempt;
    if let (false, Some(rule)) = (users.is_empty() && groups.is_empty(), rule.as_object_mut()) {
        rule.insert("exempt".to_owned(), json!({ "users": users, "groups": groups }));
    }
    rule
}
