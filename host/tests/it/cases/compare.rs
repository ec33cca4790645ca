//! Compares a result with what a case expects.

use std::fmt::Debug;

use super::file::{self, At, Case, Expect};
use super::outcome::{Finding, Outcome, Place, Problem};

/// Returns one line per difference; none if the result is as expected.
pub(crate) fn differences(case: &Case, outcome: &Outcome) -> Vec<String> {
    let expect = &case.expect;
    let mut found = Vec::new();
    match &expect.verdicts {
        Some(verdicts) => same("verdicts", verdicts, &outcome.verdicts, &mut found),
        None => same("verdict", expect.verdict.as_slice(), &outcome.verdicts, &mut found),
    }
    findings(expect, outcome, &mut found);
    if let Some(skipped) = expect.skipped {
        same("skipped", &skipped, &outcome.skipped, &mut found);
    }
    if let Some(assumptions) = &expect.assumptions {
        same("assumptions", assumptions, &outcome.assumptions, &mut found);
    }
    if let Some(not_evaluated) = &expect.not_evaluated {
        same("notEvaluated", not_evaluated, &outcome.not_evaluated, &mut found);
    }
    if expect.allowlist.is_some() {
        same("allowlist", &expect.allowlist, &outcome.allowlist, &mut found);
    }
    if expect.no_connect.is_some() {
        same("noConnect", &expect.no_connect, &outcome.no_connect, &mut found);
    }
    problems("error", expect.errors().collect(), &outcome.errors, &mut found);
    problems("warning", expect.warnings.iter().collect(), &outcome.warnings, &mut found);
    found
}

fn findings(expect: &Expect, outcome: &Outcome, found: &mut Vec<String>) {
    let (violations, mismatches) = (&outcome.violations, &outcome.mismatches);
    let of = |findings: &[Finding]| findings.iter().map(|finding| finding.of.clone()).collect();
    if let Some(constraints) = &expect.violations {
        same("violations", constraints, &of(violations), found);
    }
    if let Some(messages) = &expect.messages {
        let are: Vec<String> = violations.iter().map(|violation| violation.message.clone()).collect();
        same("messages", messages, &are, found);
    }
    if let Some(rules) = &expect.rules {
        same("rules", rules, &of(mismatches), found);
    }
    for at in &expect.at {
        if !violations.iter().chain(mismatches).any(|finding| is_at(at, finding)) {
            let are: Vec<String> =
                violations.iter().chain(mismatches).map(|finding| format!("{finding:?}")).collect();
            found.push(format!("nothing is as `at` says:\n    {at:?}\n  found:\n    {}", are.join("\n    ")));
        }
    }
}

fn is_at(at: &At, finding: &Finding) -> bool {
    let with = finding.with.as_ref();
    let in_allowlist = with.and_then(|with| with.place.as_ref());
    fits(&at.constraint, with.is_none().then_some(&finding.of))
        && fits(&at.rule, with.is_some().then_some(&finding.of))
        && fits(&at.allowlist, with.map(|with| &with.allowlist))
        && fits(&at.considered, with.map(|with| &with.considered))
        && is_place(&finding.place, &at.path, at.line, at.column)
        && fits(&at.anchor, finding.place.anchor.as_ref())
        && fits(&at.message, Some(&finding.message))
        && fits(&at.help, with.map(|with| &with.help))
        && fits(&at.workload, with.and_then(|with| with.workload.as_ref()))
        && fits(&at.expected, with.and_then(|with| with.expected.as_ref()))
        && at.in_allowlist.as_ref().is_none_or(|wanted| {
            in_allowlist.is_some_and(|place| is_place(place, &wanted.path, wanted.line, wanted.column))
        })
}

fn is_place(place: &Place, path: &Option<String>, line: Option<u32>, column: Option<u32>) -> bool {
    fits(path, Some(&place.path)) && fits(&line, Some(&place.line)) && fits(&column, Some(&place.column))
}

fn problems(what: &str, wanted: Vec<&file::Problem>, are: &[Problem], found: &mut Vec<String>) {
    let is = |(wanted, problem): (&&file::Problem, &Problem)| {
        fits(&wanted.message, Some(&problem.message))
            && fits(&wanted.help, problem.help.as_ref())
            && is_place(&problem.place, &wanted.path, wanted.line, wanted.column)
    };
    if wanted.len() != are.len() || !wanted.iter().zip(are).all(is) {
        found.push(format!("{what}: expected {wanted:?}\n  got {are:?}"));
    }
}

/// Fields that the case omits are not checked.
fn fits<T: PartialEq>(wanted: &Option<T>, is: Option<&T>) -> bool {
    wanted.is_none() || wanted.as_ref() == is
}

fn same<T: PartialEq + Debug + ?Sized>(what: &str, wanted: &T, is: &T, found: &mut Vec<String>) {
    if wanted != is {
        found.push(format!("{what}: expected {wanted:?}\n  got {is:?}"));
    }
}
