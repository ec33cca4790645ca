//! Finds mistakes in `WorkloadAllowlist`s and `AllowlistSynchronizer`s: values that a cluster would refuse or ignore, that can
//! never match, or that permit more than their author likely intended.
//!
//! Each rule is in `rules/`, with its reason, a bad and a good example, which are also its test, and a fix where
//! that is mechanical.

mod comments;
mod docs;
mod each;
mod example;
mod finding;
mod fix;
mod found;
mod language;
mod needs;
mod object;
mod openness;
mod prefix;
mod report;
mod rule;
mod rules;
mod shared;
mod source;
mod suppress;
mod synchronizer;
mod syntax;
mod texts;

pub use docs::page;
pub use each::{Each, InTurn};
pub use finding::{Finding, Place};
pub use fix::{Edit, Fix, fixed, fixed_with_lines};
pub use hallpass_edit::Refusal;
pub use object::{Object, Source, objects};
pub use report::{LintFinding, LintFix, LintReport, LintSummary, RelatedPlace};
pub use rule::{Effect, FoundBy, Level, Rule};
pub use rules::{INVALID_FLEET, INVALID_TEST};

use found::Found;
use hallpass_policy::{AllowlistSet, Load, manifests};
use object::{Kind, kind_of};
use texts::Answers;

/// Returns every rule, in the order of the documentation.
#[must_use]
pub fn rules() -> &'static [&'static Rule] {
    rules::ALL
}

/// Returns the rule with a name.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules::ALL.iter().copied().find(|rule| rule.id == id)
}

/// Data that the rules need in addition to the files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'c> {
    /// The paths of partners' allowlists in Google's repository: `Datadog/datadog/*`.
    pub partner_paths: &'c [&'c str],
}

/// Checks the objects of files, and returns the findings, by file and position in the document.
#[must_use]
pub fn lint<'s>(sources: &'s [Source<'s>], context: &Context<'_>) -> Vec<Finding> {
    lint_with(sources, context, Vec::new(), &InTurn)
}

/// Does the same, and adds the program's own findings, in objects that only it reads: those of the rules that are
/// [`FoundBy::Program`]. `each` distributes the work.
#[must_use]
pub fn lint_with<'s>(
    sources: &'s [Source<'s>],
    context: &Context<'_>,
    others: Vec<Finding>,
    each: &impl Each,
) -> Vec<Finding> {
    let answers = Answers::default();
    let of_files = each.each(sources.iter().enumerate().collect(), |(index, source)| {
        let mut found = Found::default();
        let objects = objects_of(index, source, &answers, &mut found);
        objects.iter().for_each(|object| check(object, context, &mut found));
        (objects, found)
    });
    let mut found = Found::with(others);
    let mut objects = Vec::new();
    for (of_file, found_in_file) in of_files {
        objects.extend(of_file);
        found.extend(found_in_file);
    }
    for rule in rules::ALL {
        if let FoundBy::Comparison(check) = rule.found_by {
            check(&objects, sources, &mut found);
        }
    }
    let mut by_file: Vec<Vec<Finding>> = sources.iter().map(|_| Vec::new()).collect();
    for finding in found.into_findings() {
        if let Some(of_file) = by_file.get_mut(finding.place.source) {
            of_file.push(finding);
        }
    }
    let by_file = sources.iter().enumerate().zip(by_file).collect();
    let by_file = each.each(by_file, |((index, source), findings)| finished(index, source, findings));
    by_file.into_iter().flatten().collect()
}

/// Simplifies, suppresses and sorts the findings in a file.
fn finished(index: usize, source: &Source<'_>, mut findings: Vec<Finding>) -> Vec<Finding> {
    shared::simplify(source, &mut findings);
    suppress::suppress(index, source, &mut findings);
    let position = |finding: &Finding| finding.position(source).map(|at| (at.line, at.column));
    let mut located: Vec<_> = findings.into_iter().map(|finding| (position(&finding), finding)).collect();
    located.sort_by(|(one_at, one), (other_at, other)| {
        (one_at, &one.place, one.rule.id).cmp(&(other_at, &other.place, other.rule.id))
    });
    located.into_iter().map(|(_, finding)| finding).collect()
}

fn objects_of<'s>(
    index: usize,
    source: &'s Source<'s>,
    answers: &Answers<'s>,
    found: &mut Found,
) -> Vec<Object<'s>> {
    let mut objects = Vec::new();
    for (document, parsed) in source.documents.iter().enumerate() {
        let place = Place { source: index, document, pointer: String::new(), in_key: false };
        let (manifests, faults) = manifests(parsed.root());
        // Other documents, such as the values of a chart, do not matter.
        let is_object = ["apiVersion", "kind"].iter().any(|key| parsed.root().get(key).is_some());
        let faults = faults.into_iter().filter(|_| is_object);
        faults.for_each(|fault| found.reading(parsed, &place, fault));
        for manifest in manifests {
            match kind_of(&manifest) {
                Ok(Some(kind)) => objects.push(Object::new(manifest, kind, parsed, &place, answers)),
                Ok(None) => {}
                Err(fault) => found.reading(parsed, &place, fault),
            }
        }
    }
    objects
}

fn check(object: &Object<'_>, context: &Context<'_>, found: &mut Found) {
    let mut load = Load::default();
    let faults = match object.kind {
        Kind::Allowlist => {
            load = AllowlistSet::load(std::slice::from_ref(&object.manifest));
            let invalid = std::mem::take(&mut load.invalid).into_iter().flat_map(|(_, faults)| faults);
            invalid
                .chain(std::mem::take(&mut load.warnings).into_iter().map(|(_, warning)| warning))
                .collect()
        }
        Kind::Synchronizer => synchronizer::faults(object),
    };
    faults.into_iter().for_each(|fault| found.reading(object.document, &object.place, fault));
    for rule in rules::ALL {
        match rule.found_by {
            FoundBy::Allowlist(check) if object.kind == Kind::Allowlist => {
                check(object, &mut found.of(rule, object));
            }
            FoundBy::Synchronizer(check) if object.kind == Kind::Synchronizer => {
                check(object, context, &mut found.of(rule, object));
            }
            FoundBy::Pattern(field, check) if object.kind == Kind::Allowlist => {
                for text in object.texts() {
                    if let Some(pattern) = text.pattern_of(field) {
                        check(text, pattern, &mut found.of(rule, object));
                    }
                }
            }
            FoundBy::Criteria(check) => {
                load.set.iter().for_each(|allowlist| check(object, allowlist, &mut found.of(rule, object)));
            }
            _ => {}
        }
    }
}
