//! Allows only listed allowlists.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_policy::synchronizer::{AllowedPath, folder};
use k8s_openapi::api::admissionregistration::v1::{Validation, Variable};

use super::cel::{list, literal};
use super::removal::{self, REMOVES};
use super::{Exempt, Policy};
use crate::object::Object;

/// [`hallpass_policy::synchronizer::is_allowlist_path`] in CEL, for the variable `path`. A scheme contains `//`.
const WELL_FORMED: &str =
    r"path.matches('^(?:[^/*]+/)*(?:[^/*]+|\\*)$') && !path.matches('(?:^|/)\\.\\.?(?:/|$)')";

/// A message may have 5 KiB, but an object's path has no limit.
const SHOWN: usize = 256;

/// Returns the policy that allows synchronizers to install only `paths`, and its binding.
///
/// Every path of a synchronizer must be covered by an entry with the same bucket and project;
/// [`hallpass_policy::synchronizer::admits`] implements the same decision in Rust. An update that only removes paths is
/// always allowed.
#[must_use]
pub fn allow_only(paths: &[AllowedPath], exempt: &Exempt) -> [Object; 2] {
    let mut variables = removal::variables();
    variables.extend(allowed(paths));
    let policy = Policy {
        name: "restrict-allowlist-paths",
        operations: &["CREATE", "UPDATE"],
        exempt,
        variables,
        validations: validations(),
    };
    policy.with_binding()
}

fn variable(name: &str, expression: impl Into<String>) -> Variable {
    Variable { name: name.to_owned(), expression: expression.into() }
}

/// The entries for one bucket, or for Google's repository.
#[derive(Default)]
struct Entries<'p> {
    files: BTreeSet<&'p str>,
    folders: BTreeSet<&'p str>,
}

fn allowed(paths: &[AllowedPath]) -> Vec<Variable> {
    // Grouped by origin: an object has one bucket, so its paths are compared only with the entries of that bucket.
    let mut origins: BTreeMap<_, Entries<'_>> = BTreeMap::new();
    for AllowedPath { path, bucket_name, project_number } in paths {
        let entries = origins.entry((bucket_name.as_deref(), *project_number)).or_default();
        match folder(path) {
            Some(folder) => entries.folders.insert(folder),
            None => entries.files.insert(path),
        };
    }
    let choice = |texts: fn(&Entries<'_>) -> String| {
        let mut choice = String::new();
        for ((bucket, project), entries) in &origins {
            let bucket = is("bucketName", bucket.map(literal));
            let project = is("projectNumber", project.map(|number| number.to_string()));
            choice.push_str(&format!("{bucket} && {project} ? {} : ", texts(entries)));
        }
        choice
    };
    let listed = "path in variables.files || variables.folders.exists(folder, path.startsWith(folder))";
    vec![
        variable(
            "paths",
            "has(object.spec) && has(object.spec.allowlistPaths) ? object.spec.allowlistPaths : []",
        ),
        variable("malformed", format!("variables.paths.filter(path, !({WELL_FORMED}))")),
        // Looking up a file in a map is one step; in a list, the cost grows with the list.
        variable("files", choice(|entries| set(&entries.files)) + "{}"),
        variable("folders", choice(|entries| list(entries.folders.iter().copied())) + "[]"),
        variable("unlisted", format!("variables.paths.filter(path, !({listed}))")),
    ]
}

/// CEL: a map with these keys.
fn set(texts: &BTreeSet<&str>) -> String {
    let keys: Vec<String> = texts.iter().map(|text| format!("{}: true", literal(text))).collect();
    format!("{{{}}}", keys.join(", "))
}

/// CEL: a field of the object's spec has this value, or is absent if `value` is `None`.
fn is(field: &str, value: Option<String>) -> String {
    match value {
        Some(value) => format!("has(object.spec.{field}) && object.spec.{field} == {value}"),
        None => format!("!has(object.spec.{field})"),
    }
}

fn validations() -> Vec<Validation> {
    let passes = |rule: &str| format!("{REMOVES} || {rule}");
    let first = |list: &str| {
        let path = format!("variables.{list}[0]");
        format!("({path}.size() > {SHOWN} ? {path}.substring(0, {SHOWN}) + '...' : {path})")
    };
    let (malformed, unlisted) = (first("malformed"), first("unlisted"));
    vec![
        Validation {
            expression: passes("variables.paths.size() > 0"),
            message: Some("spec.allowlistPaths must name at least one path".to_owned()),
            ..Validation::default()
        },
        // The static messages are used where the expressions fail, such as for a path with several lines.
        Validation {
            expression: passes("variables.malformed.size() == 0"),
            message: Some("spec.allowlistPaths contains an invalid path".to_owned()),
            message_expression: Some(format!(
                "'allowlist path `' + {malformed} + '` is neither `dir/file.yaml` nor `dir/*`: no scheme, no slash \
                 at either end, no empty, `.` or `..` step, `*` only as the last step'"
            )),
            ..Validation::default()
        },
        Validation {
            expression: passes("variables.malformed.size() > 0 || variables.unlisted.size() == 0"),
            message: Some(
                "spec.allowlistPaths contains a path that is not allowed on this cluster".to_owned(),
            ),
            message_expression: Some(format!(
                "'allowlist path `' + {unlisted} + '`' + (has(object.spec.bucketName) ? ' of bucket `' + \
                 string(object.spec.bucketName) + '`' : '') + ' is not allowed on this cluster'"
            )),
            ..Validation::default()
        },
    ]
}
