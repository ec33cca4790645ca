//! Compares the paths of a synchronizer with a list, within Kubernetes' cost limits.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_policy::synchronizer::{LONGEST_PATH, MALFORMED, SHOWN_PATH, folder};
use k8s_openapi::api::admissionregistration::v1::{Validation, Variable};

use super::removal::{self, REMOVES};
use super::{Exempt, Policy, SYNCHRONIZERS, TYPE_CHECKED, WRITES};
use crate::object::Object;
use hallpass_compile::literal;

/// The maximum number of paths in one synchronizer. With it, the costs of `WELL_FORMED` and of a removal stay within
/// Kubernetes' limit for one expression, however long the paths are.
pub const MOST_PATHS: usize = 500;

/// [`hallpass_policy::synchronizer::is_allowlist_path`] in CEL, for the variable `path`. The length comes first, because
/// the cost of `matches` grows with it.
const WELL_FORMED: &str = "path.matches('^([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+(/[*]|[.](yaml|yml|json))$') \
                           && !path.startsWith('.') && !path.contains('/.')";

/// The entries of a list for one origin, such as a bucket.
#[derive(Default)]
struct Entries<'p> {
    files: BTreeSet<&'p str>,
    folders: BTreeSet<&'p str>,
    /// The numbers of segments in `folders`.
    depths: BTreeSet<usize>,
}

/// A list of paths, grouped by origin: an object has one, so its paths are compared only with the entries of that origin.
/// The key is the CEL expression that tells whether an object has the origin.
#[derive(Default)]
pub(super) struct Listed<'p>(BTreeMap<String, Entries<'p>>);

impl<'p> Listed<'p> {
    pub(super) fn insert(&mut self, origin: String, path: &'p str) {
        let entries = self.0.entry(origin).or_default();
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

    /// Returns the policy that allows synchronizers to install only these paths, and its binding. `unlisted` returns the
    /// static message and the CEL expression of the message for `variables.unlisted`.
    pub(super) fn policy(&self, name: &str, exempt: &Exempt, unlisted: (String, String)) -> [Object; 2] {
        let mut variables = removal::variables();
        variables.extend(self.variables());
        let policy = Policy {
            name,
            resource: SYNCHRONIZERS,
            operations: WRITES,
            versions: TYPE_CHECKED,
            exempt,
            variables,
            validations: validations(unlisted),
        };
        policy.with_binding()
    }

    fn variables(&self) -> Vec<Variable> {
        let choice = |texts: fn(&Entries<'_>) -> String| {
            let choice = |(origin, entries): (&String, _)| format!("{origin} ? {} : ", texts(entries));
            self.0.iter().map(choice).collect::<String>()
        };
        // The end of a path below its first segments; the whole path, if it has no more segments than those.
        let rests =
            "variables.depths.map(depth, path.split('/', depth + 1)).map(parts, parts[parts.size() - 1])";
        let below = format!(
            "{rests}.exists(rest, path.substring(0, path.size() - rest.size()) in variables.folders)"
        );
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
            variable(
                "unlisted",
                format!("variables.paths.filter(path, !(path in variables.files || {below}))"),
            ),
        ]
    }
}

fn variable(name: &str, expression: impl Into<String>) -> Variable {
    Variable { name: name.to_owned(), expression: expression.into() }
}

/// CEL: a map with these keys.
fn set(texts: &BTreeSet<&str>) -> String {
    let keys: Vec<String> = texts.iter().map(|text| format!("{}: true", literal(text))).collect();
    format!("{{{}}}", keys.join(", "))
}

/// CEL: a field of the object's spec has this value, or is absent if `value` is `None`.
pub(super) fn is(field: &str, value: Option<String>) -> String {
    match value {
        Some(value) => format!("has(object.spec.{field}) && object.spec.{field} == {value}"),
        None => format!("!has(object.spec.{field})"),
    }
}

/// CEL: the start of a path. A message may have 5 KiB, but an object's path has no limit.
pub(super) fn shown(path: &str) -> String {
    format!("({path}.size() > {SHOWN_PATH} ? {path}.substring(0, {SHOWN_PATH}) + '...' : {path})")
}

/// Kubernetes reports the first validation that fails, but evaluates all of them. The later ones pass where an earlier
/// one fails, so that they cost nothing.
fn validations((unlisted, unlisted_expression): (String, String)) -> Vec<Validation> {
    let passes = |rule: &str| format!("{REMOVES} || {rule}");
    let many = format!("variables.paths.size() > {MOST_PATHS}");
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
                "'allowlist path `' + {} + {}",
                shown("variables.malformed[0]"),
                literal(&format!("` {MALFORMED}"))
            )),
            ..Validation::default()
        },
        Validation {
            expression: passes(&format!(
                "{many} || variables.malformed.size() > 0 || variables.unlisted.size() == 0"
            )),
            message: Some(unlisted),
            message_expression: Some(unlisted_expression),
            ..Validation::default()
        },
    ]
}
