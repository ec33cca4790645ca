//! Properties of a single decision, and of strict mode.

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Compared, Decision, Judged, Judgement, Verdict};

use crate::broken;
use crate::value::find;

/// A document is evaluated, skipped and counted, or an error. A verdict has only the fields that belong to it, and
/// every path leads into its document.
pub(super) fn check_judgement(judgement: &Judgement, root: &Value<'_>, set: &AllowlistSet<'_>) {
    for judged in &judgement.workloads {
        check_verdict(&judged.decision, set);
        check_paths(judged, root, set);
    }
    let warnings = judgement.workloads.iter().flat_map(|judged| &judged.warnings);
    for fault in judgement.faults.iter().chain(warnings) {
        assert!(fault.path.is_empty() || fault.path.starts_with('/'), "no JSON pointer: {fault:?}");
    }
    let answers = judgement.workloads.len() + judgement.faults.len() + judgement.skipped;
    assert!(answers > 0 || root.is_null() || holds_nothing(root), "the document vanishes: {root:?}");
    survives_json(judgement);
}

/// An empty list, wrapped or not.
fn holds_nothing(value: &Value<'_>) -> bool {
    let request = value.get("request").unwrap_or(value);
    match (value.get("items"), request.get("object")) {
        (Some(Value::List(items)), _) => items.iter().all(holds_nothing),
        (_, Some(object)) => holds_nothing(object),
        _ => false,
    }
}

fn check_verdict(decision: &Decision, set: &AllowlistSet<'_>) {
    let Decision { verdict, allowlist, no_connect, violations, compared, mismatches, .. } = decision;
    let holds = match verdict {
        Verdict::Admitted => violations.is_empty() && mismatches.is_empty() && allowlist.is_none(),
        Verdict::Exempted => {
            let named = allowlist.as_deref().is_some_and(|name| set.named(name).is_some());
            named && !violations.is_empty() && mismatches.is_empty()
        }
        Verdict::Denied => !violations.is_empty() && allowlist.is_none(),
    };
    assert!(holds, "a verdict with what it cannot have: {decision:#?}");
    assert_eq!(no_connect.is_some(), *verdict == Verdict::Exempted, "no-connect: {decision:#?}");
    let final_ones = violations.iter().any(|violation| !violation.constraint.is_exemptible());
    assert!(
        !final_ones || *verdict == Verdict::Denied,
        "exempted although no exemption exists: {decision:#?}"
    );
    if *verdict == Verdict::Denied {
        let explains = !mismatches.is_empty() || set.iter().next().is_none() || !decision.notes.is_empty();
        assert!(explains, "a denial without a reason, although there are allowlists: {decision:#?}");
    }
    let is_listed = |compared: &Compared| {
        let listed = mismatches.iter().filter(|mismatch| mismatch.allowlist == compared.allowlist).count();
        set.named(&compared.allowlist).is_some() && (1..=compared.mismatches).contains(&listed)
    };
    assert!(compared.iter().all(is_listed), "an allowlist without its mismatches: {decision:#?}");
    let loaded = mismatches.iter().filter(|mismatch| set.named(&mismatch.allowlist).is_some());
    let mut names: Vec<&str> = loaded.map(|mismatch| mismatch.allowlist.as_str()).collect();
    names.dedup();
    assert!(compared.iter().map(|compared| &compared.allowlist).eq(names), "in another order: {decision:#?}");
}

fn check_paths(judged: &Judged, root: &Value<'_>, set: &AllowlistSet<'_>) {
    assert!(find(root, &judged.path).is_some(), "no workload is at `{}`", judged.path);
    for violation in &judged.decision.violations {
        assert!(find(root, &violation.path).is_some(), "nothing is there: {violation:?}");
        assert!(!violation.message.is_empty(), "a violation without words: {violation:?}");
    }
    for mismatch in &judged.decision.mismatches {
        // A violation can be outside the object: in the namespace of an admission request.
        let violates = judged.decision.violations.iter().any(|violation| violation.path == mismatch.path);
        let inside = violates || mismatch.path.starts_with(&judged.path);
        assert!(inside, "outside of `{}`: {mismatch:?}", judged.path);
        let starts = mismatch.allowlist_path.as_deref().map(|path| path.starts_with('/'));
        let expected = set.named(&mismatch.allowlist).map(|_| true);
        assert_eq!(starts, expected, "a place that is not in the allowlist: {mismatch:?}");
    }
}

/// The codes of diagnostics are not part of the JSON.
fn survives_json(judgement: &Judgement) {
    let text = |judgement: &Judgement| serde_json::to_string(judgement);
    let read = text(judgement).and_then(|json| Ok((text(&serde_json::from_str(&json)?)?, json)));
    match read {
        Ok((again, json)) => assert_eq!(again, json, "JSON changes a judgement"),
        Err(error) => broken(&format!("a judgement cannot be written and read as JSON: {error}")),
    }
}

/// Strict mode denies workloads whose verdict depends on an assumption, and otherwise changes only a note.
pub(super) fn check_strict(usual: &Judgement, strict: &Judgement) {
    assert_eq!(
        (&usual.faults, usual.skipped),
        (&strict.faults, strict.skipped),
        "strict mode reads the document differently"
    );
    assert_eq!(usual.workloads.len(), strict.workloads.len(), "strict mode loses workloads");
    for (usual, strict) in usual.workloads.iter().zip(&strict.workloads) {
        let (usual, strict) = (&usual.decision, &strict.decision);
        let refuses = usual.verdict != Verdict::Denied && !usual.assumptions.is_empty();
        let mut expected = usual.clone();
        if refuses {
            expected.verdict = Verdict::Denied;
            (expected.allowlist, expected.no_connect) = (None, None);
            assert_eq!(strict.notes.len(), usual.notes.len() + 1, "strict mode does not say so: {strict:#?}");
            expected.notes.clone_from(&strict.notes);
        }
        assert_eq!(*strict, expected, "strict mode");
    }
}
