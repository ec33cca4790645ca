//! Evaluates one synchronizer.

use std::collections::BTreeSet;

use k8s_openapi::jiff::SignedDuration;
use serde::Serialize;

use super::Timestamp;
use super::cause::{Cause, Finding};
use super::covered::{allowlist_name, allowlist_of, covers, file_path, in_bucket, same_bucket};
use super::read::{Condition, ManagedFile, Synchronizer};
use crate::fleet::Wanted;

/// GKE syncs every 10 minutes. After three missed syncs, something is wrong with the controller.
const OVERDUE: SignedDuration = SignedDuration::from_mins(30);

/// What is known in addition to the synchronizer itself.
#[derive(Clone, Copy, Debug)]
pub struct Cluster<'c> {
    /// The time at which the objects were read.
    pub now: Timestamp,
    /// The names of the cluster's WorkloadAllowlists, if they were read.
    pub allowlists: Option<&'c BTreeSet<&'c str>>,
}

/// The state of a synchronizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Everything wanted is installed.
    Ready,
    /// Not everything is installed yet; GKE keeps trying.
    Waiting,
    /// A file could not be installed.
    Failed,
}

/// The result for one synchronizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement<'v> {
    /// The state.
    pub state: State,
    /// Why it is not ready. Empty if and only if it is ready.
    pub findings: Vec<Finding>,
    /// Findings that do not affect the state.
    pub warnings: Vec<Finding>,
    /// Every listed file, and whether a wanted path covers it.
    pub files: Vec<(ManagedFile<'v>, bool)>,
}

/// Evaluates a synchronizer. Wanted are the paths of its spec and of the fleet.
///
/// An unwanted file matters only if it is `Failed`.
#[must_use]
pub fn judge<'v>(
    synchronizer: &Synchronizer<'v>,
    fleet: Option<&Wanted<'_>>,
    cluster: &Cluster<'_>,
) -> Judgement<'v> {
    let mut wanted: Vec<&str> = synchronizer.paths.clone();
    let of_fleet = fleet.iter().flat_map(|fleet| fleet.paths).map(String::as_str);
    wanted.extend(of_fleet.filter(|path| !synchronizer.paths.contains(path)));
    let is_wanted = |file: &ManagedFile<'_>| wanted.iter().any(|wanted| is_for(wanted, file, synchronizer));
    let files: Vec<_> = synchronizer.files.iter().map(|file| (file.clone(), is_wanted(file))).collect();
    let findings = match current_condition(synchronizer) {
        // The list in an outdated status says nothing about this spec.
        Err(finding) => vec![finding],
        Ok(condition) => {
            let mut findings = shortcomings(synchronizer, &wanted, &files, cluster);
            findings.extend(fleet.and_then(|fleet| other_bucket(synchronizer, fleet)));
            findings.extend(condition);
            findings
        }
    };
    let state = if findings.iter().any(|finding| finding.cause == Cause::Failed) {
        State::Failed
    } else if findings.is_empty() {
        State::Ready
    } else {
        State::Waiting
    };
    Judgement { state, findings, warnings: overdue(synchronizer, cluster).into_iter().collect(), files }
}

/// Whether the status refers to the current generation of the spec.
pub(super) fn is_current(synchronizer: &Synchronizer<'_>) -> bool {
    current_condition(synchronizer).is_ok()
}

/// Returns what is wrong with the condition for the current generation, if anything; an error if no such condition
/// exists.
fn current_condition(synchronizer: &Synchronizer<'_>) -> Result<Option<Finding>, Finding> {
    let Synchronizer { generation, pointer, .. } = synchronizer;
    if !synchronizer.synced {
        let message = "it has not been synced yet".to_owned();
        let help = "wait: GKE syncs within minutes; if it never does, check whether GKE is at least \
                    1.32.2-gke.1652000";
        return Err(Finding::new(Cause::NeverSynced, pointer, message, help));
    }
    let help = "wait: GKE syncs again within 10 minutes, and at once when the object's metadata changes";
    let ready: Vec<&Condition<'_>> =
        synchronizer.conditions.iter().filter(|condition| condition.kind == "Ready").collect();
    let Some(last) = ready.last() else {
        let message = "its status has no condition `Ready`".to_owned();
        return Err(Finding::new(Cause::OldGeneration, format!("{pointer}/status"), message, help));
    };
    let mut current =
        ready.iter().filter(|condition| condition.observed_generation == Some(*generation)).peekable();
    let Some(first) = current.peek().copied() else {
        let observed = last
            .observed_generation
            .map_or_else(|| "no generation".to_owned(), |observed| format!("generation {observed}"));
        let message = format!("its status is for {observed}, but its spec has generation {generation}");
        return Err(Finding::new(Cause::OldGeneration, last.pointer.clone(), message, help));
    };
    if current.any(|condition| condition.status == "True") {
        return Ok(None);
    }
    let reason = first.message.filter(|message| !message.is_empty()).unwrap_or("no reason is given");
    let message = format!("`Ready` is {}: {reason}", first.status);
    let help = "fix the errors of its files; if no file has an error, check that the paths exist, and that GKE's \
                service agent may read the bucket";
    Ok(Some(Finding::new(Cause::NotReady, first.pointer.clone(), message, help)))
}

fn shortcomings(
    synchronizer: &Synchronizer<'_>,
    wanted: &[&str],
    files: &[(ManagedFile<'_>, bool)],
    cluster: &Cluster<'_>,
) -> Vec<Finding> {
    let spec = format!("{}/spec/allowlistPaths", synchronizer.pointer);
    let mut findings = Vec::new();
    if wanted.is_empty() {
        let help = "list the allowlists in `spec.allowlistPaths`, or delete the synchronizer";
        findings.push(Finding::new(Cause::NoPath, &spec, "its spec lists no path".to_owned(), help));
    }
    for (index, path) in wanted.iter().enumerate() {
        let pointer = match index < synchronizer.paths.len() {
            true => format!("{spec}/{index}"),
            false => spec.clone(),
        };
        if index >= synchronizer.paths.len() {
            let message = format!("the fleet wants `{path}`, which is not in `spec.allowlistPaths`");
            let help = "apply the rendered fleet";
            findings.push(Finding::new(Cause::NotInSpec, pointer, message, help));
        } else if !files.iter().any(|(file, _)| is_for(path, file, synchronizer)) {
            let message = format!("no file is listed for `{path}`");
            let help = "wait for the next sync; if it stays, the path may be misspelt, or not rolled out yet in \
                        the cluster's region";
            findings.push(Finding::new(Cause::NotListed, pointer, message, help));
        }
    }
    findings.extend(files.iter().filter_map(|(file, wanted)| of_file(file, *wanted, cluster)));
    findings
}

/// Whether a listed file belongs to a wanted path of its synchronizer.
fn is_for(wanted: &str, file: &ManagedFile<'_>, synchronizer: &Synchronizer<'_>) -> bool {
    let (bucket, path) = in_bucket(file.file_path);
    same_bucket(bucket, synchronizer.bucket_name) && covers(wanted, path)
}

/// The same path in another bucket is another allowlist.
fn other_bucket(synchronizer: &Synchronizer<'_>, fleet: &Wanted<'_>) -> Option<Finding> {
    let Synchronizer { bucket_name, project_number, pointer, .. } = synchronizer;
    if (*bucket_name, *project_number) == (fleet.bucket_name, fleet.project_number) {
        return None;
    }
    let field = if bucket_name.is_some() { "/bucketName" } else { "" };
    let message = format!(
        "the fleet wants its paths from {}, but its spec has {}",
        origin(fleet.bucket_name, fleet.project_number),
        origin(*bucket_name, *project_number)
    );
    let help = "apply the rendered fleet";
    Some(Finding::new(Cause::OtherBucket, format!("{pointer}/spec{field}"), message, help))
}

fn origin(bucket: Option<&str>, project: Option<i64>) -> String {
    match (bucket, project) {
        (None, None) => "Google's repository".to_owned(),
        (Some(bucket), Some(project)) => format!("bucket `{bucket}` of project `{project}`"),
        (Some(bucket), None) => format!("bucket `{bucket}` without a `projectNumber`"),
        (None, Some(project)) => format!("project `{project}` without a `bucketName`"),
    }
}

fn of_file(file: &ManagedFile<'_>, wanted: bool, cluster: &Cluster<'_>) -> Option<Finding> {
    let ManagedFile { file_path: path, phase, .. } = file;
    let finding = |cause, message, help| Some(Finding::new(cause, file.pointer.clone(), message, help));
    let error = file.last_error.filter(|error| !error.is_empty());
    let why = error.unwrap_or("no error is given");
    match *phase {
        "Failed" => {
            let help = "check that the file exists and is a valid allowlist for this version of GKE; then GKE \
                        tries again within 10 minutes";
            finding(Cause::Failed, format!("`{path}` could not be installed: {why}"), help)
        }
        _ if !wanted => None,
        "Installed" => {
            let file = file_path(path);
            if cluster.allowlists.is_none_or(|names| allowlist_of(file, names).is_some()) {
                return None;
            }
            let name = allowlist_name(file);
            let message = format!("`{path}` is Installed, but the cluster has no WorkloadAllowlist `{name}`");
            let help = "read both again: `kubectl get allowlistsynchronizer,workloadallowlist -o yaml`; an \
                        allowlist whose name is not that of its file cannot be found";
            finding(Cause::NotInCluster, message, help)
        }
        "Stale" => {
            let help = "the previous version stays in effect; fix the newer one, or revert it";
            finding(Cause::Stale, format!("`{path}` could not be updated: {why}"), help)
        }
        other => {
            let help = "wait for the next sync, within 10 minutes";
            let message = match error {
                Some(error) => format!("`{path}` is {other}: {error}"),
                None => format!("`{path}` is {other}, not Installed"),
            };
            finding(Cause::OtherPhase, message, help)
        }
    }
}

fn overdue(synchronizer: &Synchronizer<'_>, cluster: &Cluster<'_>) -> Option<Finding> {
    let written = synchronizer.last_sync_attempt?;
    let pointer = format!("{}/status/lastSyncAttempt", synchronizer.pointer);
    let help = "GKE syncs every 10 minutes: change the object's metadata to force a sync; if that does not help, ask \
                Google's support";
    let Ok(attempt) = written.parse::<Timestamp>() else {
        let message = format!("`lastSyncAttempt` is not a valid time: `{written}`");
        return Some(Finding::new(Cause::SyncOverdue, pointer, message, help));
    };
    let age = cluster.now.duration_since(attempt);
    if age <= OVERDUE {
        return None;
    }
    let message = format!("the last sync attempt was {}", ago(age, attempt));
    Some(Finding::new(Cause::SyncOverdue, pointer, message, help))
}

/// A time in the past, in words.
fn ago(age: SignedDuration, time: Timestamp) -> String {
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    match age.as_mins() {
        minutes if minutes < 2 * HOUR => format!("{minutes} minutes ago"),
        minutes if minutes < 2 * DAY => format!("{} hours ago", minutes / HOUR),
        minutes if minutes < 14 * DAY => format!("{} days ago", minutes / DAY),
        _ => format!("on {}", time.strftime("%Y-%m-%d")),
    }
}
