//! Everything that a run reads is evaluated, skipped and counted, or an error (rule W1).

use hallpass_policy::{AllowlistSet, Options, Profile};
use hallpass_report::{FileReport, Installed, Judge, Native, Report};
use proptest::prelude::*;
use proptest::sample::select;

const POD: &str =
    r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "b"}]}}"#;
const SERVICE: &str = r#"{"apiVersion": "v1", "kind": "Service"}"#;

/// A document, with the expected result.
#[derive(Clone, Debug)]
struct Written {
    text: String,
    workloads: usize,
    skipped: usize,
    errors: usize,
    /// It is not a Kubernetes object.
    foreign: bool,
}

impl Written {
    fn new(text: &str, (workloads, skipped, errors): (usize, usize, usize)) -> Self {
        Written { text: text.to_owned(), workloads, skipped, errors, foreign: false }
    }

    fn foreign(text: &str) -> Self {
        Written { foreign: true, ..Written::new(text, (0, 0, 1)) }
    }
}

fn object() -> impl Strategy<Value = Written> {
    let texts = vec![
        (POD, (1, 0, 0)),
        (SERVICE, (0, 1, 0)),
        (r#"{"apiVersion": "v1", "kind": "DaemonSet"}"#, (0, 0, 1)),
        (r#"{"apiVersion": "v1", "kind": "Pod"}"#, (0, 0, 1)),
        (r#"{"apiVersion": "v1"}"#, (0, 0, 1)),
        (r#"{"kind": "Pod"}"#, (0, 0, 1)),
        (r#"{"apiVersion": "v1", "kind": "List", "items": []}"#, (0, 0, 0)),
    ];
    select(texts).prop_map(|(text, counts)| Written::new(text, counts))
}

/// An object by itself, in nested lists, or in a review.
fn wrapped() -> impl Strategy<Value = Written> {
    object().prop_recursive(3, 12, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(|items| {
            let text: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
            let text = format!(r#"{{"apiVersion": "v1", "kind": "List", "items": [{}]}}"#, text.join(", "));
            let sum = |count: fn(&Written) -> usize| items.iter().map(count).sum();
            Written::new(&text, (sum(|item| item.workloads), sum(|item| item.skipped), sum(|item| item.errors)))
        });
        let review = inner.prop_map(|object| {
            let text = format!(
                r#"{{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {{"operation": "CREATE", "kind": {{"group": "", "version": "v1", "kind": "Pod"}}, "object": {}}}}}"#,
                object.text
            );
            // An object without a kind has that of the request.
            let kindless = object.text.starts_with(r#"{"apiVersion": "v1"}"#) || object.text == r#"{"kind": "Pod"}"#;
            let errors = if kindless { 1 } else { object.errors };
            Written { text, errors, ..object }
        });
        prop_oneof![list, review]
    })
}

fn document() -> impl Strategy<Value = Written> {
    let foreign = select(vec!["replicas: 3", "[1, 2]", "hello", r#"{"name": "a", "scripts": {}}"#, "42"]);
    let broken = select(vec!["a: [", "name: {{ .Values.name }}", "\tkind: Pod", "a: 1\na: 2", "kind: *none"]);
    prop_oneof![
        3 => wrapped(),
        3 => foreign.prop_map(Written::foreign),
        1 => broken.prop_map(|text| Written::new(text, (0, 0, 1))),
        1 => Just(Written { foreign: true, ..Written::new("null", (0, 0, 0)) }),
    ]
}

fn report_on(text: &str, named: bool) -> FileReport {
    let profile = Profile::autopilot();
    let set = AllowlistSet::load(&[]).set;
    let options = Options { profile: &profile, target: None, strict: false };
    let none: [&str; 0] = [];
    let installed = Installed::new(&[], &none, &mut Report::default());
    let engine = Native { allowlists: &set, options };
    Judge { installed: &installed, engine, snippets: false }.file("a.yaml", text.as_bytes(), named)
}

proptest! {
    #[test]
    fn nothing_is_lost(documents in prop::collection::vec(document(), 1..6), named: bool) {
        let texts: Vec<&str> = documents.iter().map(|document| document.text.as_str()).collect();
        let report = report_on(&texts.join("\n---\n"), named);
        let skipped = !named
            && documents.iter().all(|document| document.foreign)
            && documents.iter().any(|document| document.errors > 0);
        let sum = |count: fn(&Written) -> usize| documents.iter().map(count).sum();
        let expected: (usize, usize, usize) = match skipped {
            true => (0, 0, 0),
            false => (sum(|one| one.workloads), sum(|one| one.skipped), sum(|one| one.errors)),
        };
        prop_assert_eq!((report.results.len(), report.skipped, report.errors.len()), expected);
        prop_assert_eq!(report.skipped_file.is_some(), skipped);
    }
}
