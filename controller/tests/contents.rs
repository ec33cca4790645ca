//! What the controller says of files that it does not install.

use hallpass_controller::contents::Contents;
use hallpass_policy::GkeVersion;

const GOOD: &str = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata:\n  name: acme-v1\nexemptions: []\n\
                    matchingCriteria:\n  containers:\n  - name: a\n    image: example.com/a\n";

fn read(text: &str) -> Result<Contents, String> {
    Contents::read(text.as_bytes(), Some(GkeVersion::new(1, 33, 4, 1_000_000)))
}

#[test]
fn a_good_file_keeps_its_labels_and_annotations_and_nothing_else_of_its_metadata() {
    let metadata = "metadata:\n  labels: {team: a}\n  annotations: {autopilot.gke.io/no-connect: \"false\"}\n  \
                    finalizers: [x/y]\n  ownerReferences: []\n  uid: u\n";
    let contents = Contents::read(GOOD.replace("metadata:\n", metadata).as_bytes(), None).unwrap();
    assert_eq!(contents.name, "acme-v1");
    let body = contents.body.unwrap();
    assert_eq!(body.labels["team"], "a");
    assert_eq!(body.annotations["autopilot.gke.io/no-connect"], "false");
    let criteria = r#"{"containers":[{"name":"a","image":"example.com/a"}]}"#;
    assert_eq!(body.fields, format!(r#"{{"exemptions":[],"matchingCriteria":{criteria}}}"#));
}

#[test]
fn every_fault_has_its_place() {
    let mut wrong = Vec::new();
    let minimum = format!("{GOOD}minGKEVersion: 1.34.0-gke.0\n");
    for (text, expected) in [
        (String::new(), "the file is empty"),
        ("# nothing\n".to_owned(), "the file is empty"),
        ("a: [".to_owned(), "1:5: "),
        (format!("{GOOD}---\n{GOOD}"), "11:1: a second document: write one allowlist per file"),
        (
            format!("apiVersion: v1\nkind: List\nitems:\n- {}", GOOD.trim_end().replace('\n', "\n  ")),
            "the allowlist is in a list: write it alone",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n".to_owned(),
            "the file contains a ConfigMap, not a WorkloadAllowlist",
        ),
        (GOOD.replace("gke.io/v1", "gke.io/v2"), "1:13: `auto.gke.io/v2` has no kind `WorkloadAllowlist` "),
        (GOOD.replace("Allowlist", "AllowList"), "2:7: no kind is named `WorkloadAllowList` (did you mean"),
        (GOOD.replace("  name: acme-v1", "  labels: {}"), "the allowlist has no name"),
        (
            GOOD.replace("acme-v1", "Acme_v1"),
            "4:9: `Acme_v1` cannot be the name of an object (use lower-case",
        ),
        (GOOD.replace("acme-v1", &"a".repeat(254)), "cannot be the name of an object"),
        (GOOD.replace("acme-v1", "../acme"), "4:9: `../acme` cannot be the name"),
        (GOOD.replace("exemptions: []", "spec: {}"), "a WorkloadAllowlist has no `spec`"),
        (GOOD.replace("example.com/a", "^example.com/(a$"), "9:12: "),
        (
            minimum,
            "10:16: the allowlist is for GKE 1.34.0-gke.0 and later, but the controller's `--gke-version` is 1.33.4-gke.1000000",
        ),
        (
            GOOD.replace("metadata:\n", "metadata:\n  labels: {hallpass.dev/synchronizer-uid: u}\n"),
            "4:43: `hallpass.dev/synchronizer-uid` is reserved for the controller",
        ),
        (
            GOOD.replace("metadata:\n", "metadata:\n  annotations: {a: 1}\n"),
            "4:20: `a` must be a string, not the number `1`",
        ),
    ] {
        let found = read(&text).unwrap_err();
        if !(found.starts_with("invalid contents: ") && found.contains(expected)) {
            wrong.push(format!("{expected:?}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        text.push_str(&format!(
            "b{level}: &a{level} [{}]\n",
            vec![format!("*a{}", level - 1); 10].join(", ")
        ));
    }
    let found = read(&text).unwrap_err();
    assert!(found.contains("alias"), "{found}");
}
