//! The list of differences is the truth: each refuses what hallpass does not, and nothing else differs.

use hallpass_cel::Outcome;
use hallpass_compile::{DIFFERENCES, Shard};
use hallpass_policy::{Profile, Verdict};
use serde_json::json;

use crate::support::Cluster;

fn cluster(allowlists: Vec<serde_json::Value>) -> Cluster {
    Cluster { allowlists, profile: Profile::autopilot(), target: None }
}

#[test]
fn the_page_lists_them() {
    let page = include_str!("../../../docs/cel.md");
    let (_, list) = page.split_once("<!-- differences -->\n").unwrap();
    let (list, _) = list.split_once("<!-- end -->").unwrap();
    let expected: String = DIFFERENCES
        .iter()
        .map(|difference| format!("- **{}** {}\n", difference.id, difference.text))
        .collect();
    assert_eq!(list, expected);
}

#[test]
fn d1_is_refused() {
    for (range, agrees) in [
        (r#"{"min":7000,"max":8000}"#, true),
        (r#" { "max" : 8000 , "min" : 8000 } "#, true),
        (r#"{"min":8000,"max":7000}"#, true),
        (r#"{"min":70000,"max":80000}"#, true),
        (r#"{"min":0,"max":7}"#, true),
        ("{}", true),
        ("", true),
        (r#"{"\u006din":7000,"max":8000}"#, false),
    ] {
        let pod = json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "p", "annotations": {"autopilot.gke.io/host-port-assignment": range}},
            "spec": {"containers": [{"name": "c", "image": "x", "ports": [{"containerPort": 1, "hostPort": 1}]}]},
        });
        let cluster = cluster(Vec::new());
        // A range that hallpass does not accept is an error, and no verdict.
        let native = cluster.judge(&pod).unwrap();
        let policy = cluster.reviewed(&pod);
        let is_refused = !matches!(policy, Ok(Outcome::Admitted(_)));
        let is_admitted = native.iter().any(|judged| judged.decision.verdict == Verdict::Admitted);
        assert_eq!(is_refused, !is_admitted || !agrees, "{range}: {policy:?}");
    }
}

#[test]
fn d3_is_refused() {
    let (allowlist, mut pod) = with_argument("a", "a");
    let cluster = cluster(vec![allowlist]);
    let ask = |pod: &serde_json::Value| cluster.ask(pod, Shard::Label).unwrap().remove(0);
    let unlabelled = ask(&pod);
    assert_eq!(unlabelled.native, Verdict::Exempted);
    assert!(unlabelled.is_refused(), "{unlabelled:?}");
    hallpass_samples::label(&mut pod, "a");
    assert!(ask(&pod).agrees());
    hallpass_samples::label(&mut pod, "unknown");
    assert!(ask(&pod).agrees());
}

/// Patterns, an argument that each matches for hallpass, and whether the API server agrees.
pub(crate) const D4: &[(&str, &str, bool)] = &[
    (r"^\p{L}+$", "abc", true),
    (r"^\p{L}+$", "é", false),
    (r"^\PN$", "é", false),
    (r"^[\pL-]+$", "a-é", false),
    (r"^a\.\p{Greek}$", "a.λ", false),
    (r"^(?i)é$", "É", false),
    (r"^x(?i)(?s-i:é)$", "xé", false),
    (r"^(?i)a\x3d.$", "a=é", false),
    (r"^(?i)a\x3d.$", "A=b", true),
    (r"^(?i)\x{3bb}$", "Λ", false),
    (r"^(?i)\xe9?$", "", true),
    (r"^(?i)\623$", "Ɠ", false),
    // A quoted class counts too.
    (r"^\Q\p\Eé?$", r"\p", true),
    (r"^\Q\p\Eé?$", r"\pé", false),
    // No version of Unicode changes these.
    (r"^(?i)k.*$", "\u{212a}é", true),
    (r"^(?i)[^a-z]$", "é", true),
    (r"^(?s:é|ß)$", "é", true),
    (r"^x(?s-i:é)$", "xé", true),
    (r"^(?P<i>é)$", "é", true),
    (r"^é\x{3bb}\\p\w$", r"éλ\pp", true),
];

/// Returns an allowlist for an argument, and a Pod with one.
pub(crate) fn with_argument(allowed: &str, argument: &str) -> (serde_json::Value, serde_json::Value) {
    let allowlist = json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "a"},
        "exemptions": ["autogke-disallow-hostnamespaces"],
        "matchingCriteria": {"hostPID": true, "containers": [{"name": "c", "image": "x", "args": [allowed]}]},
    });
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
        "spec": {"hostPID": true, "containers": [{"name": "c", "image": "x", "args": [argument]}]},
    });
    (allowlist, pod)
}

#[test]
fn d4_is_refused() {
    for (pattern, argument, agrees) in D4 {
        let (allowlist, pod) = with_argument(pattern, argument);
        let answer = cluster(vec![allowlist]).ask(&pod, Shard::None).unwrap().remove(0);
        assert_eq!(answer.native, Verdict::Exempted, "{pattern} {argument}");
        assert_eq!(answer.agrees(), *agrees, "{pattern} {argument}: {answer:?}");
        assert_eq!(answer.is_refused(), !agrees, "{pattern} {argument}");
    }
}
