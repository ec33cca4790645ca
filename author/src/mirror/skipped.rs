//! Images in objects that no rule reads, such as custom resources.

use hallpass_document::{At, Diagnostic, Value};
use hallpass_policy::Manifest;
use hallpass_workload::ImageReference;

use super::{Registry, Repository};

/// Returns a diagnostic for each field `image` of an object with a reference to another registry.
pub(super) fn images(manifest: &Manifest<'_>, registry: &Registry) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut note = |image: &str, at: &At<'_>| {
        let repository = Repository::of(&ImageReference::parse(image));
        if repository.is_some_and(|repository| !registry.contains(&repository)) {
            let message =
                format!("image `{image}` stays as it is: `{}` is not a known workload", manifest.kind);
            faults.push(Diagnostic::new(at.pointer(), message).help("rewrite it by hand"));
        }
    };
    visit(manifest.value, &At::pointer_to(&manifest.pointer), &mut note);
    faults
}

/// Calls a function with each text in a field `image`.
fn visit(value: &Value<'_>, at: &At<'_>, note: &mut impl FnMut(&str, &At<'_>)) {
    match value {
        Value::Map(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(image) if key == "image" => note(image, &at.key(key)),
                    _ => visit(value, &at.key(key), note),
                }
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &at.index(index), note);
            }
        }
        _ => {}
    }
}
