//! Finds faults in `WorkloadAllowlist`s and `AllowlistSynchronizer`s: what a cluster would refuse or ignore, what can never
//! match, and what permits more than its author likely intended.
//!
//! Each rule is one file in `rules/`, with its reason, a bad and a good example, which are also its test, and a fix where
//! that is mechanical.

mod finding;
mod fix;
mod found;
mod object;
mod report;
mod rule;
mod rules;

pub use finding::{Finding, Place};
pub use fix::{Edit, Fix};
pub use object::{Object, Source, objects};
pub use report::{LintFinding, LintReport, LintSummary, RelatedPlace};
pub use rule::{FoundBy, Level, Rule};
pub use rules::{FLEET, TEST};

use found::Found;
use hallpass_document::Code;
use hallpass_policy::{AllowlistSet, Manifest, Role, manifests};
use object::Kind;

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

/// What the rules know besides the files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'c> {
    /// The paths of partners' allowlists in Google's repository: `Datadog/datadog/*`.
    pub partner_paths: &'c [&'c str],
}

/// Checks the objects of files, and returns what was found, by file and position in the document.
#[must_use]
pub fn lint<'s>(sources: &'s [Source<'s>], context: &Context<'_>) -> Vec<Finding> {
    lint_with(sources, context, Vec::new())
}

/// The same, with findings of the program about objects that only it reads: those of the rules that are
/// [`FoundBy::Program`].
#[must_use]
pub fn lint_with<'s>(sources: &'s [Source<'s>], context: &Context<'_>, others: Vec<Finding>) -> Vec<Finding> {
    let mut found = Found::with(others);
    let mut objects = Vec::new();
    for (source, file) in sources.iter().enumerate() {
        for (document, parsed) in file.documents.iter().enumerate() {
            let place = Place { source, document, pointer: String::new(), in_key: false };
            let (manifests, faults) = manifests(parsed.root());
            faults.into_iter().for_each(|fault| found.reading(&place, fault));
            objects.extend(manifests.into_iter().filter_map(|manifest| object(manifest, &place, &mut found)));
        }
    }
    for object in &objects {
        let load = AllowlistSet::load(std::slice::from_ref(&object.manifest));
        if object.kind == Kind::Allowlist {
            let invalid = load.invalid.into_iter().flat_map(|(_, faults)| faults);
            let warnings = load.warnings.into_iter().map(|(_, warning)| warning);
            invalid.chain(warnings).for_each(|fault| found.reading(&object.place, fault));
        }
        for rule in rules::ALL {
            if let FoundBy::Object(kind, check) = rule.found_by
                && kind == object.kind
            {
                check(object, context, &mut found.of(rule, object));
            }
        }
    }
    for rule in rules::ALL {
        if let FoundBy::Comparison(check) = rule.found_by {
            check(&objects, sources, &mut found);
        }
    }
    found.sorted()
}

/// Returns an object that rules check. Workloads and other kinds are none.
fn object<'s>(manifest: Manifest<'s>, place: &Place, found: &mut Found) -> Option<Object<'s>> {
    let kind = match manifest.role() {
        Ok(Role::Allowlist) => Kind::Allowlist,
        Ok(_) if Kind::is_synchronizer(&manifest) => Kind::Synchronizer,
        Ok(_) => return None,
        Err(fault) if manifest.is_meant_as_allowlist() => {
            found.reading(place, fault.code(Code::ApiVersion));
            return None;
        }
        Err(_) => return None,
    };
    let place = Place { pointer: manifest.pointer.clone(), ..place.clone() };
    Some(Object { manifest, kind, place })
}
