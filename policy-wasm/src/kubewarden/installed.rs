//! The allowlists that count: those of the settings, and the cluster's own when they are asked for.
//!
//! To exempt, an allowlist must exempt from everything that is violated (rule M1), have the name that a label asks for
//! (rule M2), and a container with the command and the image of each of the workload's (rules M4 to M6). Only those that
//! do are read in full, as no other can change the verdict. A denial is explained against all of them. That every
//! allowlist of the settings is valid has been seen to when the settings were validated.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::HostCall;
use super::message::first_fault;
use super::outline::Outline;
use super::payload::{Payload, read_list};
use super::settings::Settings;
use crate::allowlist::AllowlistSet;
use crate::constraint::Findings;
use crate::decision::{Decision, Verdict};
use crate::listed::Listed;
use crate::manifest::{ALLOWLIST_GROUP, ALLOWLIST_KIND, ALLOWLIST_VERSION, Manifest};
use crate::value::Value;
use crate::workload::Workload;
use crate::{Options, constraint, decide_on};

/// What an allowlist without a readable name is called.
const NAMELESS: &str = "?";

/// One allowlist, or what should be one.
struct Entry<'e, 'p> {
    outline: &'e Outline<'p>,
    /// Its place in the settings; none when the cluster has it.
    place: Option<usize>,
    name: Option<Cow<'p, str>>,
    /// It must be read in full.
    is_odd: bool,
}

impl<'e, 'p> Entry<'e, 'p> {
    fn new(outline: &'e Outline<'p>, place: Option<usize>) -> Self {
        Entry { outline, place, name: outline.name(), is_odd: outline.is_odd(place.is_none()) }
    }
}

/// Decides by the allowlists that count. Beside the decision: what is wrong with those of the cluster.
///
/// # Errors
/// When the cluster's allowlists cannot be had, or one of the settings is invalid.
pub(super) fn decide(
    workload: &Workload<'_>,
    settings: &Settings,
    payload: &Payload<'_>,
    host: HostCall<'_>,
) -> Result<(Decision, Vec<String>), String> {
    let options = Options { profile: &settings.profile, target: settings.target, strict: settings.strict };
    let found = constraint::evaluate(workload, &options);
    if found.violations.is_empty() {
        return Ok((decide_on(workload, found, &AllowlistSet::default(), &options), Vec::new()));
    }
    let response = if settings.from_cluster { list(host)? } else { Vec::new() };
    let list = if settings.from_cluster {
        read_list(&response).map_err(|error| {
            format!("the list of the cluster's WorkloadAllowlists cannot be read: {error}")
        })?
    } else {
        Vec::new()
    };
    let inline = payload.allowlists().iter().enumerate();
    let mut entries: Vec<Entry<'_, '_>> =
        inline.map(|(place, outline)| Entry::new(outline, Some(place))).collect();
    entries.extend(list.iter().map(|outline| Entry::new(outline, None)));
    let mut warnings = Vec::new();
    drop_doubled(&mut entries, &mut warnings)?;

    // A list of allowlists may hide one of a name that others have.
    let hides = entries.iter().any(|entry| entry.is_odd && entry.place.is_some());
    let mut candidates: Vec<&Entry<'_, '_>> = entries.iter().collect();
    candidates.retain(|entry| hides || entry.is_odd || entry.outline.may_exempt(workload, &found));
    if candidates.len() > 1 {
        candidates.retain(|entry| hides || entry.is_odd || entry.outline.may_match(workload));
    }
    let all = candidates.len() == entries.len();
    let mut from_candidates = warnings.clone();
    let decision = decide_by(workload, &candidates, &options, found, &mut from_candidates)?;
    if decision.verdict != Verdict::Denied || all {
        return Ok((decision, from_candidates));
    }
    let found = constraint::evaluate(workload, &options);
    let decision = decide_by(workload, &entries.iter().collect::<Vec<_>>(), &options, found, &mut warnings)?;
    Ok((decision, warnings))
}

fn list(host: HostCall<'_>) -> Result<Vec<u8>, String> {
    let wanted = format!(r#"{{"api_version":"{ALLOWLIST_VERSION}","kind":"{ALLOWLIST_KIND}"}}"#);
    host("list_resources_all", wanted.as_bytes())
        .map_err(|error| format!("the cluster's WorkloadAllowlists cannot be listed: {error}"))
}

/// None of a name that several have counts (rule M13).
fn drop_doubled(entries: &mut Vec<Entry<'_, '_>>, warnings: &mut Vec<String>) -> Result<(), String> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut doubled: BTreeSet<&str> = BTreeSet::new();
    for name in entries.iter().filter_map(|entry| entry.name.as_deref()) {
        if !seen.insert(name) {
            doubled.insert(name);
        }
    }
    if doubled.is_empty() {
        return Ok(());
    }
    let in_settings = |name: &str| {
        let of_name = |entry: &&Entry<'_, '_>| entry.place.is_some() && entry.name.as_deref() == Some(name);
        entries.iter().filter(of_name).count()
    };
    if let Some(name) = doubled.iter().find(|name| in_settings(name) > 1) {
        return Err(format!("the settings of the policy have two allowlists of the name `{name}`"));
    }
    warnings.extend(doubled.iter().map(|name| of_one_name(name)));
    let counts: Vec<bool> = entries
        .iter()
        .map(|entry| entry.name.as_deref().is_none_or(|name| !doubled.contains(name)))
        .collect();
    let mut counts = counts.into_iter();
    entries.retain(|_| counts.next() == Some(true));
    Ok(())
}

fn decide_by(
    workload: &Workload<'_>,
    entries: &[&Entry<'_, '_>],
    options: &Options<'_>,
    found: Findings,
    warnings: &mut Vec<String>,
) -> Result<Decision, String> {
    let values: Vec<_> =
        entries.iter().map(|entry| Value::from_json(entry.outline.text.as_bytes())).collect();
    let mut listed = Listed::default();
    let mut in_cluster = Vec::new();
    for (entry, value) in entries.iter().zip(&values) {
        match (entry.place, value) {
            (Some(place), Ok(value)) => listed.add(format!("/allowlists/{place}"), value),
            (Some(_), Err(error)) => return Err(format!("an allowlist of the settings is {error}")),
            (None, value) => in_cluster.push((entry.name.as_deref().unwrap_or(NAMELESS), value)),
        }
    }
    let (mut set, _) = listed
        .load()
        .map_err(|faults| format!("the settings of the policy are invalid: {}", first_fault(&faults)))?;
    let mut doubled = Vec::new();
    for (name, value) in in_cluster {
        let manifest = match value.as_ref().map(cluster_manifest) {
            Ok(Some(manifest)) => manifest,
            Ok(None) => {
                warnings.push(format!(
                    "`{name}` is listed among the cluster's WorkloadAllowlists, and is none: it does not count"
                ));
                continue;
            }
            Err(error) => {
                warnings.push(invalid(name, error));
                continue;
            }
        };
        // It stands in a list among the settings.
        if set.named(name).is_some() {
            doubled.push(name);
        } else if let Err(faults) = set.add(&manifest) {
            warnings.push(invalid(name, &first_fault(&faults)));
        }
    }
    if !doubled.is_empty() {
        set.remove(&doubled);
        warnings.extend(doubled.into_iter().map(of_one_name));
    }
    Ok(decide_on(workload, found, &set, options))
}

fn invalid(name: &str, why: &dyn std::fmt::Display) -> String {
    format!("the cluster's WorkloadAllowlist `{name}` is invalid and does not count: {why}")
}

fn of_one_name(name: &str) -> String {
    format!(
        "several WorkloadAllowlists are named `{name}`, in the settings or in the cluster: none of them counts"
    )
}

/// The API server may leave out what kind the items of a list are.
fn cluster_manifest<'v>(value: &'v Value<'v>) -> Option<Manifest<'v>> {
    let is = |field, wanted| value.get(field).is_none_or(|found| found.as_str() == Some(wanted));
    (is("apiVersion", ALLOWLIST_VERSION) && is("kind", ALLOWLIST_KIND)).then(|| Manifest {
        pointer: String::new(),
        group: ALLOWLIST_GROUP,
        api_version: Some(ALLOWLIST_VERSION),
        kind: ALLOWLIST_KIND,
        value,
        request_namespace: None,
    })
}
