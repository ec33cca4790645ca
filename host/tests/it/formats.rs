//! The formats of manifests: lists, reviews, streams, encodings.

use std::process::Output;

use serde_json::{Value, json};

use crate::support::{column, hallpass, piped, report_of};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: agent\n  namespace: acme\nspec:\n  hostPID: true\n  \
                   containers:\n  - name: agent\n    image: example.com/agent:1\n";

fn judge_stdin(bytes: &[u8], arguments: &[&str]) -> (i32, Value) {
    report_of(&output(&[&["-o", "json", "-"], arguments].concat(), bytes))
}

fn output(arguments: &[&str], bytes: &[u8]) -> Output {
    piped(hallpass().arg("check").args(arguments), bytes)
}

/// Returns path, line and column of the only violation.
fn place(report: &Value) -> (String, u64, u64) {
    let violation = &report["results"][0]["violations"][0];
    assert_eq!(violation["constraint"], "autogke-disallow-hostnamespaces");
    (
        violation["path"].as_str().unwrap().to_owned(),
        violation["line"].as_u64().unwrap(),
        violation["column"].as_u64().unwrap(),
    )
}

#[test]
fn stdin_is_reported_as_a_dash() {
    let (exit, report) = judge_stdin(POD.as_bytes(), &[]);
    assert_eq!(exit, 1);
    assert_eq!(report["results"][0]["file"], "-");
    let printed = String::from_utf8(output(&["-"], POD.as_bytes()).stdout).unwrap();
    assert!(printed.contains("  -:") && printed.contains("--> -:7:12\n"), "{printed}");
    assert_eq!(place(&report), ("/spec/hostPID".to_owned(), 7, 12));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_no_position() {
    let windows = format!("\u{feff}{}", POD.replace('\n', "\r\n"));
    let (_, report) = judge_stdin(windows.as_bytes(), &[]);
    assert_eq!(place(&report), ("/spec/hostPID".to_owned(), 7, 12));
}

#[test]
fn documents_are_counted_without_the_empty_ones() {
    let stream = format!("# made by a chart\n---\n# switched off\n---\n{POD}---\n---\n{POD}...\n");
    let (exit, report) = judge_stdin(stream.as_bytes(), &[]);
    assert_eq!(exit, 1);
    let documents: Vec<_> =
        report["results"].as_array().unwrap().iter().map(|r| r["document"].clone()).collect();
    assert_eq!(documents, [json!(0), json!(1)]);
    assert_eq!(report["results"][1]["line"], 17);
}

#[test]
fn a_document_that_cannot_be_read_counts_as_one() {
    let (exit, report) = judge_stdin(format!("a: [\n---\n{POD}").as_bytes(), &[]);
    assert_eq!((exit, &report["results"][0]["document"]), (3, &json!(1)));
}

fn pod() -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent"},
        "spec": {"hostPID": true, "containers": [{"name": "agent", "image": "example.com/agent:1"}]}})
}

#[test]
fn lists_of_lists_are_unwrapped() {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "agent"}},
        {"apiVersion": "v1", "kind": "List", "items": [pod()]}]});
    let (_, report) = judge_stdin(list.to_string().as_bytes(), &[]);
    assert_eq!(place(&report).0, "/items/1/items/0/spec/hostPID");
    assert_eq!(report["summary"]["skipped"], 1);
}

#[test]
fn items_of_a_typed_list_need_no_kind() {
    let mut bare = pod();
    bare.as_object_mut().unwrap().retain(|key, _| key != "kind" && key != "apiVersion");
    let list = json!({"apiVersion": "v1", "kind": "PodList", "items": [bare]});
    let (_, report) = judge_stdin(list.to_string().as_bytes(), &[]);
    assert_eq!(report["results"][0]["kind"], "Pod");
    assert_eq!(place(&report).0, "/items/0/spec/hostPID");
}

fn request() -> Value {
    json!({"uid": "1", "operation": "CREATE", "namespace": "kube-system",
        "kind": {"group": "", "version": "v1", "kind": "Pod"}, "object": pod()})
}

#[test]
fn an_admission_review_gives_its_namespace_to_the_object() {
    let review =
        json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request()});
    let (_, report) = judge_stdin(review.to_string().as_bytes(), &[]);
    assert_eq!(place(&report).0, "/request/object/spec/hostPID");
    let constraints = column(&report["results"][0]["violations"], "constraint");
    assert_eq!(constraints, ["autogke-disallow-hostnamespaces", "managed-namespaces-limitation"]);
}

#[test]
fn a_bare_admission_request_is_judged_too() {
    let (_, report) = judge_stdin(request().to_string().as_bytes(), &[]);
    assert_eq!(place(&report).0, "/object/spec/hostPID");
}

#[test]
fn a_review_of_a_deletion_has_nothing_to_judge() {
    let mut review = request();
    review["operation"] = json!("DELETE");
    review["object"] = Value::Null;
    let (exit, report) = judge_stdin(review.to_string().as_bytes(), &["--allow-empty"]);
    assert_eq!((exit, &report["summary"]["skipped"]), (0, &json!(1)));
}

#[test]
fn json_documents_may_follow_each_other() {
    let stream = format!("{}\n{}", pod(), pod());
    let (_, report) = judge_stdin(stream.as_bytes(), &[]);
    assert_eq!(report["summary"]["workloads"], 2);
    assert_eq!(report["results"][1]["line"], 2);
}

#[test]
fn a_value_that_came_through_an_alias_names_its_anchor() {
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: agent}\nshared: &yes true\nspec:\n  hostPID: *yes\n  \
                containers: [{name: agent, image: example.com/agent}]\n";
    let (_, report) = judge_stdin(yaml.as_bytes(), &[]);
    assert_eq!(place(&report), ("/spec/hostPID".to_owned(), 6, 12));
    assert_eq!(report["results"][0]["violations"][0]["anchor"], "yes");
}
