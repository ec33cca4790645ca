//! Reads `AllowlistSynchronizer`s.

use hallpass_document::{At, Code, Diagnostic, Diagnostics, Value};
use hallpass_policy::synchronizer::is_allowlist_path;

use crate::object::Object;
use crate::syntax::is_template;

const PATHS: &str = "/spec/allowlistPaths";
const TOP_LEVEL: [&str; 5] = ["apiVersion", "kind", "metadata", "spec", "status"];
const SPEC: [&str; 3] = ["allowlistPaths", "projectNumber", "bucketName"];

/// Returns wrong types, unknown fields and missing names.
pub(crate) fn faults(object: &Object<'_>) -> Vec<Diagnostic> {
    let mut faults = Diagnostics::default();
    let root = At::pointer_to(&object.manifest.pointer);
    for (key, value) in faults.map(object.manifest.value, &root) {
        let at = root.key(key);
        match &**key {
            "spec" => read_spec(value, &at, &mut faults),
            known if TOP_LEVEL.contains(&known) => {}
            _ => unknown(key, &TOP_LEVEL, &at, &mut faults),
        }
    }
    if object.manifest.name().is_none_or(str::is_empty) {
        let path = root.key("metadata").key("name").pointer();
        faults.error(Diagnostic::new(path, "the synchronizer has no name").help("give it a `metadata.name`"));
    }
    faults.errors.extend(faults.warnings);
    faults.errors
}

fn read_spec(spec: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) {
    for (key, value) in faults.map(spec, at) {
        let at = at.key(key);
        match (&**key, value) {
            ("allowlistPaths", _) => drop(faults.strings(value, &at)),
            ("bucketName", _) => drop(faults.string(value, &at)),
            ("projectNumber", Value::Int(_) | Value::Null) => {}
            ("projectNumber", Value::String(text)) if is_template(text) => {}
            ("projectNumber", other) => {
                faults.error(Diagnostic::mistyped(at.pointer(), &at.called(), other, "a whole number"));
            }
            _ => unknown(key, &SPEC, &at, faults),
        }
    }
}

fn unknown(key: &str, known: &[&'static str], at: &At<'_>, faults: &mut Diagnostics) {
    let message = format!("a synchronizer has no field `{key}` here: GKE drops it");
    let fault = Diagnostic::new(at.pointer(), message).in_key().code(Code::UnknownField);
    faults.warn(fault.suggest(key, known.iter().copied(), "remove it"));
}

/// The error in the form of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Valid,
    /// `gke://dir/*`
    Scheme,
    /// `dir`, without a `*`.
    Folder,
    Invalid,
}

/// Returns the paths of a synchronizer, with their pointers, except paths that a program fills in.
pub(crate) fn paths<'s>(object: &Object<'s>) -> impl Iterator<Item = (String, &'s str)> + use<'s> {
    object.strings(PATHS).filter(|(_, path)| !is_template(path))
}

pub(crate) fn form(path: &str) -> Form {
    let is_file = |path: &str| {
        let path = path.to_ascii_lowercase();
        [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
    };
    if is_allowlist_path(path) {
        Form::Valid
    } else if path.contains("://") {
        Form::Scheme
    } else if !is_file(path) && is_allowlist_path(&wildcard(path)) {
        Form::Folder
    } else {
        Form::Invalid
    }
}

/// Returns the path of all files below a folder.
pub(crate) fn wildcard(folder: &str) -> String {
    format!("{}/*", folder.strip_suffix('/').unwrap_or(folder))
}

#[cfg(test)]
mod tests {
    use super::{Form, form};

    #[test]
    fn every_path_has_one_form() {
        for (path, expected) in [
            ("Datadog/datadog/*", Form::Valid),
            ("Datadog/datadog/a-v1.0.yaml", Form::Valid),
            ("gke://Datadog/datadog/*", Form::Scheme),
            ("gs://bucket/a.yaml", Form::Scheme),
            ("Datadog/datadog", Form::Folder),
            ("Datadog/datadog/", Form::Folder),
            ("Dynatrace/csidriver/1.4.2", Form::Folder),
            ("dir/agent.YAML", Form::Invalid),
            ("/dir/*", Form::Invalid),
            ("dir//", Form::Invalid),
            ("*", Form::Invalid),
            ("", Form::Invalid),
            ("dir/v*", Form::Invalid),
        ] {
            assert_eq!(form(path), expected, "{path}");
        }
    }
}
