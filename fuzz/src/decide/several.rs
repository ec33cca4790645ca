//! Relations between decisions on one document: several allowlists, several versions, and wrapped in a list.

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Constraint, Decision, Judgement, Options, Verdict, judge};

use super::input::allowlists;

/// The number of allowlists to try alone.
const ALONE: usize = 4;

/// The order of allowlists does not matter. One matching allowlist is sufficient, and others do not prevent it (rule
/// M13); allowlists do not exempt only in combination.
pub(super) fn check_several(
    judgement: &Judgement,
    root: &Value<'_>,
    installed: &[&Value<'_>],
    options: &Options<'_>,
) {
    let mut turned = allowlists(installed);
    turned.reverse();
    let turned_set = AllowlistSet::load(&turned).set;
    assert_eq!(*judgement, judge(root, &turned_set, options), "the order of allowlists counts");

    for alone in turned.chunks(1).take(ALONE) {
        let set = AllowlistSet::load(alone).set;
        let other = judge(root, &set, options);
        assert_eq!(judgement.workloads.len(), other.workloads.len(), "allowlists change what is read");
        for (all, one) in judgement.workloads.iter().zip(&other.workloads) {
            let (all, one) = (&all.decision, &one.decision);
            assert_eq!(all.violations, one.violations, "allowlists change what violates");
            let name = set.iter().next().map(|allowlist| allowlist.name);
            assert!(
                one.verdict != Verdict::Exempted || all.verdict == Verdict::Exempted,
                "{name:?} exempts alone, but not among others: {all:#?}"
            );
            assert!(
                all.verdict != Verdict::Exempted || all.allowlist.as_deref() != name || all == one,
                "{name:?} exempts among others, but not alone: {one:#?}"
            );
        }
    }
}

/// An older cluster may lack an allowlist (rule M1), and a newer one may accept more sysctls as safe (rule C9). Nothing
/// else depends on the version.
pub(super) fn check_target(known: &Judgement, unknown: &Judgement) {
    assert_eq!(known.workloads.len(), unknown.workloads.len(), "the version changes what is read");
    for (known, unknown) in known.workloads.iter().zip(&unknown.workloads) {
        let (known, unknown) = (&known.decision, &unknown.decision);
        let others = |decision: &Decision| {
            let mut violations = decision.violations.clone();
            violations.retain(|violation| violation.constraint != Constraint::UnsafeSysctl);
            violations
        };
        assert_eq!(others(known), others(unknown), "the version changes what violates");
        let is_kept = known.violations.iter().all(|violation| {
            // The message names the version.
            unknown
                .violations
                .iter()
                .any(|other| (&other.path, other.constraint) == (&violation.path, violation.constraint))
        });
        assert!(is_kept, "a version forbids: {known:#?}");
        assert!(
            known.verdict != Verdict::Exempted
                || unknown.verdict == Verdict::Exempted
                || known.violations.len() < unknown.violations.len(),
            "a version exempts: {known:#?}"
        );
    }
}

/// A `List` with one document is evaluated like the document (rule W1).
pub(super) fn check_list(
    judgement: &Judgement,
    root: &Value<'_>,
    set: &AllowlistSet<'_>,
    options: &Options<'_>,
) {
    // A null item is an error, a null document is not.
    if root.is_null() {
        return;
    }
    let list = Value::Map(vec![
        ("apiVersion".into(), Value::String("v1".into())),
        ("kind".into(), Value::String("List".into())),
        ("items".into(), Value::List(vec![root.clone()])),
    ]);
    let listed = judge(&list, set, options);
    assert_eq!(outcome(judgement), outcome(&listed), "a list changes what comes of its item");
}

type Outcome<'j> = (Vec<(Verdict, Option<&'j str>, Vec<Constraint>)>, usize, usize);

fn outcome(judgement: &Judgement) -> Outcome<'_> {
    let workloads = judgement.workloads.iter().map(|judged| {
        let decision = &judged.decision;
        let violated = decision.violations.iter().map(|violation| violation.constraint).collect();
        (decision.verdict, decision.allowlist.as_deref(), violated)
    });
    (workloads.collect(), judgement.faults.len(), judgement.skipped)
}
