//! The allowlists that count: those of the settings, and the cluster's own when they are asked for.
//!
//! To exempt, an allowlist must exempt from everything that is violated (rule M1) and have the name that a label asks for
//! (rule M2). Only those that do are read in full, as no other can change the verdict. A denial is explained against all
//! of them. That every allowlist of the settings is valid has been seen to when the settings were validated.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::HostCall;
use super::members::{Items, Members};
use super::message::first_fault;
use super::payload::{List, Payload};
use super::settings::Settings;
use crate::allowlist::{AllowlistSet, Exemptions};
use crate::constraint::{Constraint, Findings};
use crate::decision::{Decision, Verdict};
use crate::listed::Listed;
use crate::manifest::Manifest;
use crate::matching::Pair;
use crate::value::Value;
use crate::workload::Workload;
use crate::{Options, constraint, decide_on};

const GROUP: &str = "auto.gke.io";
const API_VERSION: &str = "auto.gke.io/v1";
const KIND: &str = "WorkloadAllowlist";

/// What an allowlist without a readable name is called.
const NAMELESS: &str = "?";

/// One allowlist, or what should be one.
struct Entry<'e, 'p> {
    members: &'e Members<'p>,
    /// Its place in the settings; none when the cluster has it.
    place: Option<usize>,
    name: Option<Cow<'p, str>>,
    /// None when that cannot be said without reading all of it.
    exemptions: Option<Exemptions>,
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
    let found = constraint::evaluate(workload, &settings.profile);
    if found.violations.is_empty() {
        return Ok((decide_on(workload, found, &AllowlistSet::default(), &options), Vec::new()));
    }
    let response = if settings.from_cluster { list(host)? } else { Vec::new() };
    let list = if settings.from_cluster { read_list(&response)? } else { Vec::new() };
    let inline = payload.allowlists().iter().enumerate();
    let mut entries: Vec<Entry<'_, '_>> =
        inline.map(|(place, members)| Entry::new(members, Some(place))).collect();
    entries.extend(list.iter().map(|members| Entry::new(members, None)));
    let mut warnings = Vec::new();
    drop_doubled(&mut entries, &mut warnings)?;

    let can_exempt = |entry: &&Entry<'_, '_>| entry.can_exempt(workload, &found);
    let mut candidates: Vec<&Entry<'_, '_>> = entries.iter().filter(can_exempt).collect();
    if candidates.len() > 1 {
        candidates.retain(|entry| entry.may_match(workload, &found).unwrap_or(true));
    }
    let all = candidates.len() == entries.len();
    let mut from_candidates = warnings.clone();
    let decision = decide_by(workload, &candidates, &options, found, &mut from_candidates)?;
    if decision.verdict != Verdict::Denied || all {
        return Ok((decision, from_candidates));
    }
    let found = constraint::evaluate(workload, &settings.profile);
    let decision = decide_by(workload, &entries.iter().collect::<Vec<_>>(), &options, found, &mut warnings)?;
    Ok((decision, warnings))
}

fn list(host: HostCall<'_>) -> Result<Vec<u8>, String> {
    let wanted = format!(r#"{{"api_version":"{API_VERSION}","kind":"{KIND}"}}"#);
    host("list_resources_all", wanted.as_bytes())
        .map_err(|error| format!("the cluster's WorkloadAllowlists cannot be listed: {error}"))
}

fn read_list(response: &[u8]) -> Result<Vec<Members<'_>>, String> {
    let unreadable = |error: &dyn std::fmt::Display| {
        format!("the list of the cluster's WorkloadAllowlists cannot be read: {error}")
    };
    let text = std::str::from_utf8(response).map_err(|error| unreadable(&error))?;
    let list: List<'_> = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    list.0.ok_or_else(|| unreadable(&"it has no `items`"))
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
    warnings.extend(doubled.iter().map(|name| {
        format!("several WorkloadAllowlists are named `{name}`, in the settings or in the cluster: none of them counts")
    }));
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
    let values = entries.iter().map(|entry| entry.members.value()).collect::<Result<Vec<_>, _>>();
    let values = values.map_err(|error| format!("an allowlist is {error}"))?;
    let mut listed = Listed::default();
    for (entry, value) in entries.iter().zip(&values) {
        if let Some(place) = entry.place {
            listed.add(format!("/allowlists/{place}"), value);
        }
    }
    let (mut set, _) = listed
        .load()
        .map_err(|faults| format!("the settings of the policy are invalid: {}", first_fault(&faults)))?;
    for (entry, value) in entries.iter().zip(&values).filter(|(entry, _)| entry.place.is_none()) {
        let name = entry.name.as_deref().unwrap_or(NAMELESS);
        match cluster_manifest(value) {
            Some(manifest) => {
                if let Err(faults) = set.add(&manifest) {
                    let why = first_fault(&faults);
                    warnings.push(format!(
                        "the cluster's WorkloadAllowlist `{name}` is invalid and does not count: {why}"
                    ));
                }
            }
            None => warnings.push(format!(
                "`{name}` is listed among the cluster's WorkloadAllowlists, and is none: it does not count"
            )),
        }
    }
    Ok(decide_on(workload, found, &set, options))
}

/// The API server may leave out what kind the items of a list are.
fn cluster_manifest<'v>(value: &'v Value<'v>) -> Option<Manifest<'v>> {
    let is = |field, wanted| value.get(field).is_none_or(|found| found.as_str() == Some(wanted));
    (is("apiVersion", API_VERSION) && is("kind", KIND)).then(|| Manifest {
        pointer: String::new(),
        group: GROUP,
        api_version: Some(API_VERSION),
        kind: KIND,
        value,
        request_namespace: None,
    })
}

impl<'e, 'p> Entry<'e, 'p> {
    fn new(members: &'e Members<'p>, place: Option<usize>) -> Self {
        let metadata = members.get("metadata").and_then(|raw| serde_json::from_str::<Members<'p>>(raw).ok());
        Entry {
            members,
            place,
            name: metadata.and_then(|metadata| text(metadata.get("name")?)),
            exemptions: exemptions(members).filter(|_| is_usual(members, place)),
        }
    }

    fn can_exempt(&self, workload: &Workload<'_>, found: &Findings) -> bool {
        let (Some(name), Some(exemptions)) = (&self.name, self.exemptions) else { return true };
        workload.matching_label.as_ref().is_none_or(|label| label.allowlist == name)
            && found.violations.iter().all(|violation| exemptions.has(violation.constraint))
    }
}

impl Entry<'_, '_> {
    /// Whether commands and images leave it possible that the allowlist matches. None when that cannot be said without
    /// reading all of it.
    fn may_match(&self, workload: &Workload<'_>, found: &Findings) -> Option<bool> {
        self.exemptions?;
        let outline = outline(self.members)?;
        let mut set = AllowlistSet::default();
        set.add(&cluster_manifest(&outline)?).ok()?;
        let allowlist = set.iter().next()?;
        let pair = Pair {
            workload,
            allowlist,
            violations: &found.violations,
            target: None,
            names_count: false,
            considered: true,
        };
        Some(pair.commands_and_images_match())
    }
}

/// The allowlist with nothing of its containers but names, images and commands.
fn outline<'p>(members: &Members<'p>) -> Option<Value<'p>> {
    let read = |raw: &'p str| Value::from_json(raw.as_bytes()).ok();
    let mut criteria = Vec::new();
    for (list, raw) in serde_json::from_str::<Members<'p>>(members.get("matchingCriteria")?).ok()?.iter() {
        if !matches!(list, "containers" | "initContainers") {
            continue;
        }
        let mut containers = Vec::new();
        for container in serde_json::from_str::<Items<'p>>(raw).ok()?.0 {
            let mut kept = Vec::new();
            for (key, raw) in container.iter() {
                if matches!(key, "name" | "image" | "command") {
                    kept.push((Cow::Owned(key.to_owned()), read(raw)?));
                }
            }
            containers.push(Value::Map(kept));
        }
        criteria.push((Cow::Owned(list.to_owned()), Value::List(containers)));
    }
    let mut outline = vec![(Cow::Borrowed("matchingCriteria"), Value::Map(criteria))];
    for key in ["metadata", "exemptions", "containerImageDigests"] {
        if let Some(raw) = members.get(key) {
            outline.push((Cow::Borrowed(key), read(raw)?));
        }
    }
    Some(Value::Map(outline))
}

/// Whether the parts that are looked at say all: with others missing, or where they do not belong, there is a fault to
/// be told.
fn is_usual(members: &Members<'_>, place: Option<usize>) -> bool {
    let is = |field, wanted| {
        members.get(field).map_or(place.is_none(), |raw| text(raw).is_some_and(|found| found == wanted))
    };
    is("apiVersion", API_VERSION)
        && is("kind", KIND)
        && members.get("matchingCriteria").is_some()
        && members.get("spec").is_none()
}

fn exemptions(members: &Members<'_>) -> Option<Exemptions> {
    let Value::List(ids) = Value::from_json(members.get("exemptions")?.as_bytes()).ok()? else { return None };
    let mut exemptions = Exemptions::default();
    for id in &ids {
        // Another name has no effect, and is told as such when the settings are validated.
        if let Some(constraint) =
            Constraint::with_id(id.as_str()?).filter(|constraint| constraint.is_exemptible())
        {
            exemptions.add(constraint);
        }
    }
    Some(exemptions)
}

/// The string that a member is.
fn text(raw: &str) -> Option<Cow<'_, str>> {
    match Value::from_json(raw.as_bytes()) {
        Ok(Value::String(text)) => Some(text),
        _ => None,
    }
}
