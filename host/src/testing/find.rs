//! Finds the test files among the files of searched folders, which also contain allowlists, manifests and charts.

use std::path::Path;

use hallpass_document::{Value, nearest};
use hallpass_reader::read_settings;

use super::file::TestFile;
use crate::output::Problem;

const GROUP: &str = "hallpass.dev";

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

/// Whether a document is, or was intended as, a test file. It is better to report a typo than to skip the file: a test
/// that does not run must not pass. Other programs also have objects of the kind `Test`.
fn is_test(root: &Value<'_>) -> bool {
    let Value::Map(fields) = root else { return false };
    let text = |name: &str| {
        let found = fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| value.as_str())
    };
    let group = text("apiVersion").map(|version| version.split('/').next().unwrap_or_default());
    match (group, text("kind")) {
        (Some(group), kind) if group == GROUP || nearest(group, [GROUP]).is_some() => {
            !kind.is_some_and(|kind| OTHERS.contains(&kind))
        }
        (Some(_), _) => false,
        (None, kind) => kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Test")),
    }
}

/// Whether a text contains the group, also in UTF-16, which the reader rejects.
fn mentions_group(bytes: &[u8]) -> bool {
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    text.windows(GROUP.len()).any(|window| window == GROUP.as_bytes())
}

/// Whether a file is in a folder.
pub(crate) fn is_below(file: &str, folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    real(Path::new(file)).starts_with(real(folder))
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
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Fleet\n", false),
            ("apiVersion: hallpass.dev/v1alpha1\nkind: Config\n", false),
            ("apiVersion: tests.example.com/v1\nkind: Test\n", false),
            ("apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\n", false),
            ("kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n", false),
            ("replicas: 3\n", false),
            ("", false),
        ] {
            assert_eq!(find("a", text.as_bytes(), false).is_some(), is_test, "{text}");
        }
    }
}
