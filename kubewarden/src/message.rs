//! What refusals say: first what is wrong, then what comes nearest to it, within the limits of [`super::text`].

use hallpass_document::Fault;
use hallpass_policy::synchronizer::Refusal;
use hallpass_policy::{Decision, Mismatch};

use super::payload::Request;
use super::text::{MESSAGE, bounded};

/// The object of a request, as a message calls it.
pub(super) fn subject(request: &Request<'_>, kind: &str) -> String {
    let name = request.name.as_deref().filter(|name| !name.is_empty());
    let namespace = request.namespace.as_deref().filter(|namespace| !namespace.is_empty());
    match (namespace, name) {
        (Some(namespace), Some(name)) => format!("{kind} `{namespace}/{name}`"),
        (None, Some(name)) => format!("{kind} `{name}`"),
        // A Pod whose name the API server has yet to make up.
        (Some(namespace), None) => format!("a {kind} in `{namespace}`"),
        (None, None) => format!("a {kind}"),
    }
}

/// Why a workload is denied: the constraints, then the nearest allowlist and all that differs from it.
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
    lines.extend(
        decision.mismatches.first().map(|first| nearest(first, &decision.mismatches)).into_iter().flatten(),
    );
    lines
        .extend(decision.notes.iter().filter(|note| !is_about_gke(note)).map(|note| format!("note: {note}")));
    lines.extend(
        decision
            .assumptions
            .iter()
            .map(|assumption| format!("assumes [{}]: {}", assumption.rule, assumption.message)),
    );
    text(lines)
}

/// What GKE itself would have printed is nothing to a cluster that has this message.
fn is_about_gke(note: &str) -> bool {
    note.contains("GKE itself")
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

/// An object that is not as Kubernetes has it.
pub(super) fn unreadable(subject: &str, faults: &[Fault]) -> String {
    let mut lines = vec![format!("{subject} cannot be judged")];
    lines.extend(faults.iter().map(line));
    text(lines)
}

/// A fault of the whole has no place to name.
fn line(fault: &Fault) -> String {
    let line = fault.to_string();
    line.strip_prefix(": ").map_or(line.clone(), str::to_owned)
}

pub(super) fn invalid_settings(faults: &[Fault]) -> String {
    let mut lines = vec!["the settings of the policy are invalid".to_owned()];
    lines.extend(faults.iter().map(line));
    text(lines)
}

/// One fault speaks for all.
pub(super) fn first_fault(faults: &[Fault]) -> String {
    faults.first().map(line).unwrap_or_default()
}

pub(super) fn unblocked(subject: &str) -> String {
    text(vec![format!(
        "{subject} must keep the annotation \"autopilot.gke.io/no-connect\": \"true\": it is exempted on the condition that nobody connects to it; delete the Pod instead"
    )])
}

pub(super) fn no_writer(subject: &str, user: &str) -> String {
    text(vec![format!(
        "`{user}` may not write {subject}: an allowlist exempts workloads from the constraints of this cluster; the settings of the policy name who may, under `workloadAllowlists.writers`"
    )])
}

pub(super) fn no_writers(subject: &str) -> String {
    text(vec![format!(
        "nobody may write {subject}: with `allowlistsFrom: cluster` it exempts workloads, and the settings of the policy do not say who may; name users or groups under `workloadAllowlists.writers`"
    )])
}

pub(super) fn invalid_allowlist(subject: &str, faults: &[Fault]) -> String {
    let mut lines = vec![format!("{subject} is invalid: no workload would be compared with it")];
    lines.extend(faults.iter().map(line));
    text(lines)
}

/// The words of the rendered admission policies.
pub(super) fn refusal(refusal: Refusal<'_>, bucket_name: Option<&str>) -> String {
    text(vec![match refusal {
        Refusal::Empty => "spec.allowlistPaths must name at least one path".to_owned(),
        Refusal::Malformed(path) => format!(
            "allowlist path `{}` is neither `dir/file.yaml` nor `dir/*`: no scheme, no slash at either end, no empty, `.` or `..` step, `*` only as the last step",
            shown(path)
        ),
        Refusal::Unlisted(path) => {
            let bucket = bucket_name.map(|bucket| format!(" of bucket `{bucket}`")).unwrap_or_default();
            format!("allowlist path `{}`{bucket} is not allowed on this cluster", shown(path))
        }
    }])
}

/// As much of a path as the policies show.
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
