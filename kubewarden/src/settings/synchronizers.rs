//! The field `synchronizers`.

use hallpass_document::{At, Diagnostic, Diagnostics, Value};
use hallpass_policy::synchronizer::{AllowedPath, MALFORMED, is_allowlist_path};

use super::read::{choice, read_principals, unknown};
use super::{Principals, SynchronizerRule, Synchronizers};

pub(super) fn read_synchronizers(
    value: &Value<'_>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Option<Synchronizers> {
    const KNOWN: [&str; 3] = ["allowedPaths", "exempt", "forbidden"];
    if let Value::String(_) = value {
        choice(value, &["forbidden"], at, faults);
        return Some(Synchronizers::default());
    }
    if value.is_null() {
        return None;
    }
    let (mut forbidden, mut allowed) = (None, None);
    let mut exempt = Principals::default();
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        match &**key {
            "allowedPaths" if !value.is_null() => allowed = Some(read_paths(value, &at, faults)),
            "forbidden" => forbidden = choice(value, &["removable", "documented"], &at, faults),
            "exempt" => exempt = read_principals(value, &at, faults),
            "allowedPaths" => {}
            _ => unknown("`synchronizers` has", key, &KNOWN, &at, faults),
        }
    }
    let rule = match (forbidden, allowed) {
        (Some("documented"), None) => SynchronizerRule::Documented,
        (Some(_), None) => SynchronizerRule::Removable,
        (None, Some(paths)) => SynchronizerRule::Only(paths),
        _ => {
            if matches!(value, Value::Map(_)) {
                let message = "`synchronizers` needs one of `allowedPaths` and `forbidden`";
                faults.error(
                    Diagnostic::new(at.pointer(), message)
                        .help("list what may be installed, or write `synchronizers: forbidden`"),
                );
            }
            SynchronizerRule::Removable
        }
    };
    Some(Synchronizers { rule, exempt })
}

fn read_paths(value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<AllowedPath> {
    let mut paths = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        let mut entry = AllowedPath { path: String::new(), bucket_name: None, project_number: None };
        let mut path_at = at.pointer();
        if let Value::String(path) = item {
            entry.path = path.to_string();
        } else {
            for (key, value) in faults.map_item(item, &at) {
                let at = at.key(key);
                match &**key {
                    "path" => {
                        path_at = at.pointer();
                        entry.path = faults.string(value, &at).unwrap_or_default().to_owned();
                    }
                    "bucketName" => entry.bucket_name = faults.string(value, &at).map(str::to_owned),
                    "projectNumber" => entry.project_number = read_project(value, &at, faults),
                    _ => unknown(
                        "an allowed path has",
                        key,
                        &["bucketName", "path", "projectNumber"],
                        &at,
                        faults,
                    ),
                }
            }
        }
        let is_told = faults.errors.iter().any(|fault| fault.path.starts_with(&at.pointer()));
        if !is_told && !is_allowlist_path(&entry.path) {
            let message = format!("allowlist path `{}` {MALFORMED}", entry.path);
            faults.error(
                Diagnostic::new(path_at, message).help("write it as in a synchronizer, without a scheme"),
            );
        }
        if !is_told && entry.bucket_name.is_some() != entry.project_number.is_some() {
            let message = "a bucket needs both `bucketName` and `projectNumber`";
            faults.error(
                Diagnostic::new(at.pointer(), message).help("omit both for Google's partner repository"),
            );
        }
        paths.push(entry);
    }
    paths
}

fn read_project(value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> Option<i64> {
    match value {
        Value::Null => None,
        Value::Int(number @ 1..) => Some(*number),
        _ => {
            let message = format!("`projectNumber` must be a whole number above 0, not {}", value.kind());
            faults.error(
                Diagnostic::new(at.pointer(), message)
                    .help("`gcloud projects describe` prints it; write it without quotes"),
            );
            None
        }
    }
}
