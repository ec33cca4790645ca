//! Facts about one workload's verdict that all formats of text need.

use super::{AllowlistChange, Compared, Outcome};

/// The help for a violation from which no allowlist exempts.
pub(crate) const NOT_EXEMPTIBLE: &str = "no allowlist can exempt from this: change the workload";

/// The first words of the note on a workload that only `--strict` denies.
const STRICT: &str = "denied only because strict mode";

/// Returns the workload in words: `DaemonSet acme/agent`.
pub(crate) fn named(outcome: &Outcome) -> String {
    let namespace = outcome.namespace.as_ref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
    format!("{} {namespace}{}", outcome.kind, outcome.name.as_deref().unwrap_or("(no name)"))
}

/// Returns the allowlist whose mismatches are the cause of a denial: the nearest one, unless no allowlist is for the
/// workload.
pub(crate) fn nearest(outcome: &Outcome) -> Option<&str> {
    let mut related = outcome.compared.iter().filter(|compared| compared.related);
    let loaded = related.next().map(|compared| compared.allowlist.as_str());
    loaded.or_else(|| {
        let not_loaded = outcome.mismatches.iter().find(|mismatch| mismatch.allowlist_place.line.is_none());
        not_loaded.map(|mismatch| mismatch.allowlist.as_str())
    })
}

/// Returns the comparison with an allowlist, if it is loaded.
pub(crate) fn compared<'o>(outcome: &'o Outcome, allowlist: &str) -> Option<&'o Compared> {
    outcome.compared.iter().find(|compared| compared.allowlist == allowlist)
}

/// Whether the assumptions are the reason of a denial, and not the violations.
pub(crate) fn is_strict(outcome: &Outcome) -> bool {
    let is_all_excepted = outcome.is_covered() && !outcome.excepted;
    is_all_excepted || outcome.notes.iter().any(|note| note.starts_with(STRICT))
}

/// Says where to paste a change.
pub(crate) fn introduced(change: &AllowlistChange) -> String {
    let mut place = String::new();
    for step in change.path.split('/').skip(1) {
        let is_index = step.parse::<usize>().is_ok();
        let dot = if place.is_empty() { "" } else { "." };
        place.push_str(&if is_index { format!("[{step}]") } else { format!("{dot}{step}") });
    }
    let what = match (place.is_empty(), change.yaml.starts_with("- ")) {
        (true, _) => "set at the top level".to_owned(),
        (_, true) => format!("add to `{place}`"),
        _ => format!("set in `{place}`"),
    };
    format!("or, as an author of the allowlist, {what}:")
}
