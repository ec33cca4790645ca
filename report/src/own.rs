//! The files of hallpass: configs, fleets, profiles, tests.

use hallpass_document::{Diagnostic, Value};

use crate::allowlists::Parsed;
use crate::problem::Problem;
use crate::single::{Wanted, checked};

/// The group of their kinds.
const GROUP: &str = "hallpass.dev/";

/// Reads the only document of a file of hallpass.
///
/// # Errors
/// The file is empty, contains more documents, cannot be read, or contains an object of another kind. Typos in
/// `apiVersion` or `kind` are not such errors: the schema describes them.
pub fn own<'s>(file: &'s str, bytes: &'s [u8], wanted: &Wanted) -> Result<Parsed<'s>, Vec<Problem>> {
    checked(file, bytes, wanted, |parsed| refuse(parsed, wanted))
}

/// Returns the error for an object other than the wanted one.
fn refuse(parsed: &Parsed<'_>, wanted: &Wanted) -> Option<Problem> {
    let root = parsed.document.root();
    let help = match own_kind(root, "FILE") {
        Some(_) if text(root, "kind") == Some(wanted.kind) => return None,
        Some(other) => format!("this is {other}"),
        None if !matches!(root, Value::Map(_)) || is_meant(root, wanted) => return None,
        None => {
            format!("{} has `apiVersion: hallpass.dev/v1alpha1` and `kind: {}`", wanted.called, wanted.kind)
        }
    };
    let path = if root.get("kind").is_some() { "/kind" } else { "" };
    let error = Diagnostic::new(path.to_owned(), format!("this is not {}", wanted.called)).help(help);
    Some(parsed.problem(&error))
}

/// Describes an object of hallpass, with the command that reads its file; `None` for other objects.
#[must_use]
pub fn own_kind(root: &Value<'_>, file: &str) -> Option<String> {
    text(root, "apiVersion").filter(|version| version.starts_with(GROUP))?;
    Some(match text(root, "kind")? {
        "Test" => format!("a test file: run `hallpass test {file}`"),
        "Config" => format!("a config: run `hallpass check --config {file}`"),
        "Fleet" => format!("a fleet: run `hallpass render --fleet {file} --out DIR`"),
        "ConstraintProfile" => format!("a profile: run `hallpass check --profile {file}`"),
        _ => return None,
    })
}

/// Whether the author has written one of the two fields, perhaps with a typo.
fn is_meant(root: &Value<'_>, wanted: &Wanted) -> bool {
    let Value::Map(fields) = root else { return false };
    fields.iter().any(|(key, value)| {
        let is = |field: &str| key.eq_ignore_ascii_case(field);
        let text = value.as_str().unwrap_or_default();
        is("apiVersion") && text.contains("hallpass") || is("kind") && text.eq_ignore_ascii_case(wanted.kind)
    })
}

fn text<'v>(root: &'v Value<'_>, field: &str) -> Option<&'v str> {
    root.get(field)?.as_str()
}
