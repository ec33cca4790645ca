//! Files that are not manifests, such as chart values and tool settings: searched folders may contain them next to
//! manifests.

use crate::workloads::read_workloads;
use hallpass_document::Value;

/// Whether a document is, or was intended as, a Kubernetes object. kubectl rejects objects with neither `apiVersion` nor
/// `kind`. It is better to report a typo than to skip the file, so any case of the two counts, and so does a document that
/// wraps or lists an object.
#[must_use]
pub fn is_object(value: &Value<'_>) -> bool {
    match value {
        Value::Map(fields) => fields.iter().any(|(key, value)| {
            let named = ["apiVersion", "kind"].iter().any(|name| key.eq_ignore_ascii_case(name));
            named || matches!(&**key, "items" | "request" | "object") && is_object(value)
        }),
        Value::List(items) => items.iter().any(is_object),
        _ => false,
    }
}

/// Whether a file contains documents, and none of them is a Kubernetes object. An unreadable document could be one.
#[must_use]
pub fn is_foreign(bytes: &[u8]) -> bool {
    let mut foreign = false;
    for document in read_workloads(bytes) {
        match document {
            Ok(document) if is_object(document.root()) => return false,
            Ok(document) => foreign |= !document.root().is_null(),
            Err(_) => return false,
        }
    }
    foreign
}

#[cfg(test)]
mod tests {
    use super::is_foreign;

    #[test]
    fn only_what_nobody_could_apply_is_foreign() {
        for (text, foreign) in [
            ("replicas: 3\nimage: {tag: a}\n", true),
            ("hello\n", true),
            ("[1, 2]\n", true),
            (r#"{"compilerOptions": {"kind": "x"}}"#, true),
            ("on: push\njobs: {build: {steps: []}}\n", true),
            ("a: 1\n---\nb: 2\n", true),
            ("a: 1\n---\nnull\n", true),
            ("items: [a, b]\n", true),
            ("", false),
            ("null\n", false),
            ("kind: Pod\n", false),
            ("apiVersion: v2\nname: a-chart\n", false),
            ("kind:\n", false),
            ("Kind: Pod\nApiVersion: v1\n", false),
            ("a: 1\n---\nkind: Pod\n", false),
            ("a: 1\n---\nb: [\n", false),
            ("items: [{kind: Pod}]\n", false),
            ("request: {object: {kind: Pod}}\n", false),
            ("[{apiVersion: v1, kind: Pod}]\n", false),
        ] {
            assert_eq!(is_foreign(text.as_bytes()), foreign, "{text}");
        }
    }
}
