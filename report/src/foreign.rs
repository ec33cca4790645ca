//! Files that are no manifests at all, such as values of charts and settings of tools: where a folder is searched, they lie
//! among manifests.

use crate::workloads::read_workloads;
use hallpass_document::Value;

/// Whether a document is, or was meant as, a Kubernetes object. kubectl refuses what has neither `apiVersion` nor `kind`.
/// To be told of a typo is of more use than to have the file skipped, so any case of the two counts, and so does what
/// wraps or lists an object.
pub(crate) fn is_object(value: &Value<'_>) -> bool {
    match value {
        Value::Map(fields) => fields.iter().any(|(key, value)| {
            let named = ["apiVersion", "kind"].iter().any(|name| key.eq_ignore_ascii_case(name));
            named || matches!(&**key, "items" | "request" | "object") && is_object(value)
        }),
        Value::List(items) => items.iter().any(is_object),
        _ => false,
    }
}

/// Whether a file holds documents, and none of them is a Kubernetes object. What cannot be read could be one.
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
