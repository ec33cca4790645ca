//! Finds the test files among the files of searched folders, which also contain allowlists, manifests and charts.

use std::borrow::Cow;
use std::path::Path;

use hallpass_document::{Value, nearest};
use hallpass_reader::read_settings;

use super::file::TestFile;
use crate::output::{Problem, file};

const GROUP: &str = "hallpass.dev";

/// The part of the group that other groups do not have.
const NAME: &str = "hallpass";

const KIND: &str = "Test";

/// The other kinds of the group.
const OTHERS: [&str; 3] = ["Fleet", "ConstraintProfile", "Config"];

/// Reads a file of a searched folder; `None` if it is not a test file.
///
/// # Errors
/// It is a test file with errors, or was intended as one.
pub(crate) fn find<'s>(
    name: &'s str,
    bytes: &'s [u8],
    update: bool,
) -> Option<Result<TestFile<'s>, Vec<Problem>>> {
    let is_test = read_settings(bytes).any(|document| match document {
        Ok(document) => is_test(document.root()),
        // A chart's template, or a test file with a syntax error, which must not be skipped.
        Err(_) => mentions_group(bytes),
    });
    is_test.then(|| TestFile::read(name, bytes, update))
}

/// Whether a document is, contains, or was intended as, a test file. It is better to report a typo than to skip the file:
/// a test that does not run must not pass. Other programs have a kind `Test` too, in groups that are not similar to ours.
pub(crate) fn is_test(root: &Value<'_>) -> bool {
    let fields = match root {
        Value::List(items) => return items.iter().any(is_test),
        Value::Map(fields) => fields,
        _ => return false,
    };
    let field = |name: &str| field(fields, name);
    let text = |name: &str| field(name).and_then(Value::as_str);
    let group = text("apiVersion").and_then(|version| version.split_once('/')).map(|(group, _)| group);
    if text("kind").is_some_and(|kind| kind.eq_ignore_ascii_case(KIND)) {
        return group.is_none_or(is_ours);
    }
    // A list of objects.
    if field("items").is_some_and(|items| matches!(items, Value::List(_)) && is_test(items)) {
        return true;
    }
    let is_ours = group.or_else(|| text("apiVersion")).is_some_and(is_ours);
    let has_tests = matches!(field("spec"), Some(Value::Map(spec)) if self::field(spec, "tests").is_some());
    is_ours && (has_tests || !text("kind").is_some_and(|kind| OTHERS.contains(&kind)))
}

fn field<'v>(fields: &'v [(Cow<'_, str>, Value<'v>)], name: &str) -> Option<&'v Value<'v>> {
    fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Whether a group is ours, or was intended to be: `halpass.dev`, `hallpass.io`.
fn is_ours(group: &str) -> bool {
    let group = group.to_ascii_lowercase();
    let is_near = |text: &str, name: &'static str| text == name || nearest(text, [name]).is_some();
    is_near(&group, GROUP) || group.split('.').any(|label| is_near(label, NAME))
}

/// Whether a text that cannot be read mentions the group, also in UTF-16, which the reader rejects.
fn mentions_group(bytes: &[u8]) -> bool {
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&bytes).to_ascii_lowercase().contains(NAME)
}

/// Whether a file is in a folder.
pub(crate) fn is_below(name: &str, folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    // A file that cannot be read is in its folder, too.
    file::identity(Path::new(name)).starts_with(real(folder))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn another_encoding_does_not_hide_a_test_file() {
        let text = "apiVersion: hallpass.dev/v1alpha1\nkind: Test\n";
        for encode in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(encode).collect();
            assert!(find("a", &bytes, false).is_some_and(|file| file.is_err()));
        }
    }

    #[test]
    fn a_typo_in_a_test_file_does_not_hide_it() {
        for (text, is_test) in [
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Test\n", true),
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Tests\n", true),
            ("apiVersion: hallpass.dev/v1alpha1\n", true),
            ("ApiVersion: hallpass.dev/v1\nKind: test\n", true),
            ("apiVersion: halpass.dev/v1alpha1\nkind: Test\n", true),
            ("kind: Test\n", true),
            ("apiVersion: v1\nkind: Pod\n---\napiVersion: hallpass.dev/v1alpha1\nkind: Test\n", true),
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec: [\n", true),
            // A typo in the group, another group, or a kind next to it.
            ("apiVersion: hallpass.io/v1alpha1\nkind: Test\n", true),
            ("apiVersion: hallpass.io/v1alpha1\nkind: Tests\n", true),
            ("apiVersion: hallpass/v1alpha1\n", true),
            ("apiVersion: Hallpass.dev/v1alpha1\nkind: TestFile\n", true),
            ("apiVersion: dev.halpass/v1alpha1\nkind: Tests\n", true),
            ("apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\n", false),
            ("apiVersion: v1\nkind: test\n", true),
            ("apiVersion: 1\nkind: Test\n", true),
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Config\nspec: {tests: []}\n", true),
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Fleet\nspec: {Tests: []}\n", true),
            ("apiVersion: hallpass.io/v1alpha1\nkind: Fleet\n", false),
            // Within another object.
            ("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: hallpass.dev/v1alpha1, kind: Test}\n", true),
            ("kind: TestList\nitems: [{kind: List, items: [{kind: Test}]}]\n", true),
            ("[{apiVersion: hallpass.dev/v1alpha1, kind: Test}]\n", true),
            ("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}]\n", false),
            // With a syntax error.
            ("apiVersion: hallpass.io/v1alpha1\nkind: Test\nspec: [\n", true),
            ("apiVersion: hallpass.io/v1alpha1\nkind: \"Test\" # one\nspec: [\n", true),
            ("{\"kind\": \"Test\", \"spec\": [\n", false),
            ("kind: TestSuite\nspec: [\n", false),
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Fleet\n", false),
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Config\n", false),
            ("apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\n", false),
            ("kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n", false),
            ("replicas: 3\n", false),
            ("", false),
        ] {
            assert_eq!(find("a", text.as_bytes(), false).is_some(), is_test, "{text}");
        }
    }
}
