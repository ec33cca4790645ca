//! Allows only listed allowlists.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_policy::synchronizer::{AllowedPath, LONGEST_PATH, MALFORMED, folder};
use k8s_openapi::api::admissionregistration::v1::{Validation, Variable};

use super::cel::literal;
use super::removal::{self, REMOVES};
use super::{Exempt, Policy, TYPE_CHECKED};
use crate::object::Object;

/// The maximum number of paths in one synchronizer. With it, the costs of `WELL_FORMED` and of a removal stay within
/// Kubernetes' limit for one expression, however long the paths are.
pub const MOST_PATHS: usize = 500;

/// [`hallpass_policy::synchronizer::is_allowlist_path`] in CEL, for the variable `path`. The length comes first, because
/// the cost of `matches` grows with it.
const WELL_FORMED: &str = "path.matches('^([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+(/[*]|[.](yaml|yml|json))$') \
                           && !path.startsWith('.') && !path.contains('/.')";

/// A message may have 5 KiB, but an object's path has no limit.
const SHOWN: usize = 256;

/// Returns the policy that allows synchronizers to install only `paths`, and its binding.
///
/// Every path of a synchronizer must be covered by an entry with the same bucket and project;
/// [`hallpass_policy::synchronizer::admits`] implements the same decision in Rust, without the limit [`MOST_PATHS`]. An
/// update that only removes paths is always allowed.
#[must_use]
pub fn allow_only(paths: &[AllowedPath], exempt: &Exempt) -> [Object; 2] {
    let mut variables = removal::variables();
    variables.extend(allowed(paths));
    let policy = Policy {
        name: "restrict-allowlist-paths",
        operations: &["CREATE", "UPDATE"],
        versions: TYPE_CHECKED,
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
    /// The numbers of segments in `folders`.
    depths: BTreeSet<usize>,
}

fn allowed(paths: &[AllowedPath]) -> Vec<Variable> {
    // Grouped by origin: an object has one bucket, so its paths are compared only with the entries of that bucket.
    let mut origins: BTreeMap<_, Entries<'_>> = BTreeMap::new();
    for AllowedPath { path, bucket_name, project_number } in paths {
        let entries = origins.entry((bucket_name.as_deref(), *project_number)).or_default();
        match folder(path) {
            Some(folder) => {
                entries.folders.insert(folder);
                entries.depths.insert(folder.matches('/').count());
            }
            None => {
                entries.files.insert(path);
            }
        }
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
    // The end of a path below its first segments; the whole path, if it has no more segments than those.
    let rests = "variables.depths.map(depth, path.split('/', depth + 1)).map(parts, parts[parts.size() - 1])";
    let below =
        format!("{rests}.exists(rest, path.substring(0, path.size() - rest.size()) in variables.folders)");
    vec![
        variable(
            "paths",
            "has(object.spec) && has(object.spec.allowlistPaths) ? object.spec.allowlistPaths : []",
        ),
        variable(
            "malformed",
            format!("variables.paths.filter(path, path.size() > {LONGEST_PATH} || !({WELL_FORMED}))"),
        ),
        // Looking up a file or folder in a map is one step; in a list, the cost grows with the list.
        variable("files", choice(|entries| set(&entries.files)) + "{}"),
        variable("folders", choice(|entries| set(&entries.folders)) + "{}"),
        variable(
            "depths",
            choice(|entries| format!("{:?}", entries.depths.iter().collect::<Vec<_>>())) + "[]",
        ),
        variable("unlisted", format!("variables.paths.filter(path, !(path in variables.files || {below}))")),
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

/// Kubernetes reports the first validation that fails, but evaluates all of them. The later ones pass where an earlier
/// one fails, so that they cost nothing.
fn validations() -> Vec<Validation> {
    let passes = |rule: &str| format!("{REMOVES} || {rule}");
    let many = format!("variables.paths.size() > {MOST_PATHS}");
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
        Validation {
            expression: passes(&format!("variables.paths.size() <= {MOST_PATHS}")),
            message: Some(format!(
                "spec.allowlistPaths must name at most {MOST_PATHS} paths: split the synchronizer, or name folders, \
                 `dir/*`"
            )),
            ..Validation::default()
        },
        // The static messages are used where the expressions fail, such as for a path with several lines.
        Validation {
            expression: passes(&format!("{many} || variables.malformed.size() == 0")),
            message: Some("spec.allowlistPaths contains an invalid path".to_owned()),
            message_expression: Some(format!(
                "'allowlist path `' + {malformed} + {}",
                literal(&format!("` {MALFORMED}"))
            )),
            ..Validation::default()
        },
        Validation {
            expression: passes(&format!(
                "{many} || variables.malformed.size() > 0 || variables.unlisted.size() == 0"
            )),
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
