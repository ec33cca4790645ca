//! Properties of the difference of verdicts.

use hallpass_policy::{Options, Profile, Verdict};
use hallpass_report::{Installed, Judge, Native, Report, parse_all};
use hallpass_samples::{Exempted, add_to_workload, exempted};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

use super::counterpart::State;
use super::{Kind, Text, Texts, VerdictDiff};

/// Compares the verdicts on two versions of a text under an allowlist.
fn compared(old: &str, new: &str, allowlist: &str) -> VerdictDiff {
    let mut report = Report::default();
    let parsed = parse_all([("list", allowlist.as_bytes())], &mut report.errors);
    let installed = Installed::new(&parsed, &["list"], &mut report);
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let profile = Profile::autopilot();
    let engine = Native { allowlists: &installed.set, options: Options::new(&profile) };
    let judge = Judge { installed: &installed, engine, snippets: false };
    let side = |file: &str, text: &str| {
        let mut report = Report::default();
        report.add(file, judge.file(file, text.as_bytes(), true));
        assert!(report.errors.is_empty(), "{:?} in {text}", report.errors);
        (report, [Text { file: file.to_owned(), variant: None, bytes: text.as_bytes().to_vec() }])
    };
    let [(old, old_texts), (new, new_texts)] = [side("old", old), side("new", new)];
    VerdictDiff::new([&old, &new], [&Texts::new(&old_texts), &Texts::new(&new_texts)])
}

fn pod(name: &str, spec: &Json) -> String {
    let mut spec = spec.clone();
    spec["containers"][0]["name"] = json!("agent");
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}).to_string()
}

fn list(arguments: &Json) -> String {
    json!({"apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "agent-v1"},
        "exemptions": ["autogke-disallow-hostnamespaces"],
        "matchingCriteria": {"hostPID": true, "containers": [
            {"name": "agent", "image": "example.com/agent", "args": arguments, "env": [{"name": "A"}]}]}})
    .to_string()
}

/// Returns the state, the value and the line of the counterpart of each reason of the only change.
fn others(report: &VerdictDiff) -> Vec<(State, Option<&str>, u32)> {
    let [change] = report.workloads.as_slice() else { panic!("one change: {report:?}") };
    let others = change.reasons.iter().filter_map(|reason| reason.other.as_ref());
    others.map(|other| (other.state, other.value.as_deref(), other.line)).collect()
}

#[test]
fn a_field_is_found_in_the_other_version_by_names_and_flags() {
    let container = |args: Json, env: Json| json!({"image": "example.com/agent", "args": args, "env": env});
    let spec = |container: Json| json!({"hostPID": true, "containers": [container]});
    let allowlist = list(&json!(["--level=info", "--a", "--b=1"]));
    let old = spec(container(json!(["--a", "--level=info"]), json!([{"name": "A", "value": "1"}])));
    let moved = json!([{"name": "B", "value": "2"}, {"name": "A", "value": "1"}]);
    let new = spec(container(json!(["--level=trace", "--b=1"]), moved));
    let report = compared(&pod("p", &old), &pod("p", &new), &allowlist);
    let expected = [(State::Different, Some("--level=info"), 1), (State::Absent, None, 1)];
    assert_eq!(others(&report), expected, "the argument of the flag, and a variable that is new");
}

#[test]
fn the_value_of_the_other_version_is_shown() {
    let spec =
        |name: &str| json!({"hostPID": true, "containers": [{"image": format!("example.com/{name}")}]});
    let report = compared(&pod("p", &spec("agent")), &pod("p", &spec("other")), &list(&json!([])));
    assert_eq!(others(&report), [(State::Different, Some("example.com/agent"), 1)]);
}

#[test]
fn only_causes_are_reasons() {
    let profile = json!({"hostPID": true, "hostIPC": true, "containers": [{"image": "example.com/agent"}]});
    let old = json!({"containers": [{"image": "example.com/agent"}], "hostPID": true});
    let report = compared(&pod("p", &old), &pod("p", &profile), &list(&json!([])));
    let states: Vec<State> = others(&report).into_iter().map(|(state, ..)| state).collect();
    assert_eq!(states, [State::Absent], "`hostIPC` is the only mismatch: the list lifts the violations");
}

#[test]
fn workloads_of_the_same_name_are_paired_in_their_order() {
    let admitted = pod("p", &json!({"containers": [{"image": "a"}]}));
    let denied = pod("p", &json!({"hostIPC": true, "containers": [{"image": "a"}]}));
    let (one, other) = (format!("{admitted}\n{denied}"), format!("{denied}\n{admitted}\n{admitted}"));
    let report = compared(&one, &other, &list(&json!([])));
    let kinds: Vec<Kind> = report.workloads.iter().map(|change| change.change).collect();
    assert_eq!(kinds, [Kind::Denied, Kind::Allowed, Kind::New]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_version_does_not_differ_from_itself(Exempted { workload, allowlist } in exempted()) {
        let workload = workload.to_string();
        let report = compared(&workload, &workload, &allowlist.to_string());
        prop_assert!(report.workloads.is_empty());
        prop_assert_eq!((report.summary.workloads, report.summary.unchanged), (1, 1));
    }

    /// A denial is never missed, some reason differs between the versions, and the reverse is a relief.
    #[test]
    fn an_addition_that_denies_fails_and_its_reverse_does_not(
        Exempted { workload, allowlist } in exempted(),
        what in add_to_workload(),
        which in any::<Index>(),
    ) {
        let mut more = workload.clone();
        what.apply(&mut more, which);
        let [old, new, allowlist] = [workload, more, allowlist].map(|json| json.to_string());
        let (report, reverse) = (compared(&old, &new, &allowlist), compared(&new, &old, &allowlist));
        prop_assert_eq!(report.workloads.len(), 1, "{:?}", what);
        let (change, relief) = (&report.workloads[0], &reverse.workloads[0]);
        prop_assert_eq!((change.change, change.fails), (Kind::Denied, true));
        prop_assert_eq!((relief.change, relief.fails), (Kind::Allowed, false));
        prop_assert_eq!((report.summary.failed, reverse.summary.failed), (1, 0));
        let verdicts = [&change.old, &change.new].map(|version| version.as_ref().map(|it| it.verdict));
        prop_assert_eq!(verdicts, [Some(Verdict::Exempted), Some(Verdict::Denied)]);
        prop_assert!(!change.reasons.is_empty());
        let is_changed = |state: State| state != State::Equal;
        prop_assert!(
            change.reasons.iter().filter_map(|reason| reason.other.as_ref()).any(|it| is_changed(it.state)),
            "{:?}: {:#?}", what, change.reasons
        );
    }
}
