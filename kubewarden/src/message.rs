//! The messages of refusals: first what is wrong, then the nearest alternative, within the limits of [`super::text`].

use hallpass_document::Diagnostic;
use hallpass_policy::synchronizer::{MALFORMED, Refusal};
use hallpass_policy::{Decision, Mismatch, UNLABELLED};

use super::payload::Request;
use super::text::{MESSAGE, bounded};

/// Returns the name of the request's object in messages.
pub(super) fn subject(request: &Request<'_>, kind: &str) -> String {
    let name = request.name.as_deref().filter(|name| !name.is_empty());
    let namespace = request.namespace.as_deref().filter(|namespace| !namespace.is_empty());
    match (namespace, name) {
        (Some(namespace), Some(name)) => format!("{kind} `{namespace}/{name}`"),
        (None, Some(name)) => format!("{kind} `{name}`"),
        // A Pod whose name the API server has not generated yet.
        (Some(namespace), None) => format!("a {kind} in `{namespace}`"),
        (None, None) => format!("a {kind}"),
    }
}

/// Explains a denial: the constraints, then the nearest allowlist with all mismatches.
pub(super) fn denial(subject: &str, decision: &Decision) -> String {
    let mut lines = vec![format!(
        "{subject} is denied: it violates constraints of this cluster, and no allowlist exempts it"
    )];
    if decision.violations.is_empty() {
        lines = vec![format!("{subject} is denied")];
    }
    for violation in &decision.violations {
        lines.push(format!("[{}] {} ({})", violation.constraint.id(), violation.message, violation.path));
    }
    // How to match an allowlist for another workload helps nobody.
    let unrelated = |name: &str| decision.compared.iter().any(|it| it.allowlist == name && !it.related);
    let first = decision.mismatches.first().filter(|first| !unrelated(&first.allowlist));
    lines.extend(first.map(|first| nearest(first, &decision.mismatches)).into_iter().flatten());
    lines
        .extend(decision.notes.iter().filter(|note| *note != UNLABELLED).map(|note| format!("note: {note}")));
    lines.extend(
        decision
            .assumptions
            .iter()
            .map(|assumption| format!("assumes [{}]: {}", assumption.rule, assumption.message)),
    );
    text(lines)
}

fn nearest(first: &Mismatch, mismatches: &[Mismatch]) -> Vec<String> {
    let of_first = || mismatches.iter().filter(|mismatch| mismatch.allowlist == first.allowlist);
    let (count, plural) = match of_first().count() {
        1 => (1, ""),
        count => (count, "es"),
    };
    let mut lines = vec![format!("nearest allowlist: `{}`, {count} mismatch{plural}", first.allowlist)];
    for Mismatch { rule, path, message, help, .. } in of_first() {
        lines.push(format!("[{rule}] {message} ({path}); {help}"));
    }
    lines
}

/// An object that is not a valid Kubernetes object.
pub(super) fn unreadable(subject: &str, faults: &[Diagnostic]) -> String {
    let mut lines = vec![format!("{subject} cannot be evaluated")];
    lines.extend(faults.iter().map(line));
    text(lines)
}

/// A fault of the whole object has no path.
fn line(fault: &Diagnostic) -> String {
    let line = fault.to_string();
    line.strip_prefix(": ").map_or(line.clone(), str::to_owned)
}

pub(super) fn invalid_settings(faults: &[Diagnostic]) -> String {
    let mut lines = vec!["the settings of the policy are invalid".to_owned()];
    lines.extend(faults.iter().map(line));
    text(lines)
}

/// Returns only the first fault.
pub(super) fn first_fault(faults: &[Diagnostic]) -> String {
    faults.first().map(line).unwrap_or_default()
}

pub(super) fn unblocked(subject: &str) -> String {
    text(vec![format!(
        "{subject} must keep the annotation \"autopilot.gke.io/no-connect\": \"true\": its exemption requires that nobody connects to it; delete the Pod instead"
    )])
}

pub(super) fn no_writer(subject: &str, user: &str) -> String {
    text(vec![format!(
        "`{user}` may not write {subject}: an allowlist exempts workloads from the constraints of this cluster; the settings of the policy list the writers in `workloadAllowlists.writers`"
    )])
}

pub(super) fn no_writers(subject: &str) -> String {
    text(vec![format!(
        "nobody may write {subject}: with `allowlistsFrom: cluster` it exempts workloads, but the settings of the policy list no writers; add users or groups to `workloadAllowlists.writers`"
    )])
}

pub(super) fn invalid_allowlist(subject: &str, faults: &[Diagnostic]) -> String {
    let mut lines = vec![format!("{subject} is invalid: it would not be compared with workloads")];
    lines.extend(faults.iter().map(line));
    text(lines)
}

/// Uses the same messages as the rendered admission policies.
pub(super) fn refusal(refusal: Refusal<'_>, bucket_name: Option<&str>) -> String {
    text(vec![match refusal {
        Refusal::Empty => "spec.allowlistPaths must name at least one path".to_owned(),
        Refusal::Malformed(path) => format!("allowlist path `{}` {MALFORMED}", shown(path)),
        Refusal::Unlisted(path) => {
            let bucket = bucket_name.map(|bucket| format!(" of bucket `{bucket}`")).unwrap_or_default();
            format!("allowlist path `{}`{bucket} is not allowed on this cluster", shown(path))
        }
    }])
}

/// Shortens a path as the admission policies do.
fn shown(path: &str) -> String {
    const SHOWN: usize = 256;
    let mut shown: String = path.chars().take(SHOWN).collect();
    if shown.len() < path.len() {
        shown.push_str("...");
    }
    shown
}

fn text(lines: Vec<String>) -> String {
    bounded(lines, MESSAGE).join("\n")
}
