//! The allowlists that count: those in the settings, and those in the cluster if the settings enable them.

use std::collections::BTreeSet;
use std::fmt::Display;

use hallpass_document::{Value, from_json};
use hallpass_policy::{
    AllowlistSet, Decision, Listed, Load, Manifest, Options, Workload, decide as decide_by,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::HostCall;
use super::message::first_fault;
use super::settings::Settings;

/// The name of an allowlist without a readable name.
const NAMELESS: &str = "?";

/// Decides with the allowlists that count. Also returns warnings about those in the cluster.
///
/// # Errors
/// The cluster's allowlists cannot be listed, or one of the settings is invalid.
pub(super) fn decide(
    workload: &Workload<'_>,
    settings: &Settings,
    inline: Option<&RawValue>,
    host: HostCall<'_>,
) -> Result<(Decision, Vec<String>), String> {
    let options = Options { profile: &settings.profile, target: settings.target, strict: settings.strict };
    let decision = decide_by(workload, &AllowlistSet::default(), &options);
    if decision.violations.is_empty() {
        return Ok((decision, Vec::new()));
    }
    let inline: Option<Vec<Value<'_>>> = inline
        .map_or(Ok(None), |raw| from_json(raw.get().as_bytes()))
        .map_err(|error| invalid_settings(&format!("the allowlists are {error}")))?;
    let inline = inline.unwrap_or_default();
    let response = if settings.from_cluster { list(host)? } else { br#"{"items":[]}"#.to_vec() };
    let mut warnings = Vec::new();
    let items = read_items(&response, &mut warnings)
        .map_err(|error| format!("the list of the cluster's WorkloadAllowlists cannot be read: {error}"))?;
    let mut listed = Listed::default();
    for (index, document) in inline.iter().enumerate() {
        listed.add(format!("/allowlists/{index}"), document);
    }
    let (mut found, places) = listed.manifests().map_err(|faults| invalid_settings(&first_fault(&faults)))?;
    for item in &items {
        match Manifest::of_allowlist(item) {
            Some(manifest) => found.push(manifest),
            None => warnings.push(format!(
                "`{}` is listed among the cluster's WorkloadAllowlists, but is not one: it does not count",
                name(item)
            )),
        }
    }
    let load = AllowlistSet::load(&found);
    check(&load, &found, &places, &mut warnings)?;
    Ok((decide_by(workload, &load.set, &options), warnings))
}

/// Checks what was loaded: first the allowlists in the settings, each with its place, then those in the cluster.
///
/// # Errors
/// One of the settings does not count. One in the cluster that does not count is a warning.
fn check(
    load: &Load<'_>,
    found: &[Manifest<'_>],
    places: &[String],
    warnings: &mut Vec<String>,
) -> Result<(), String> {
    let mut shared = BTreeSet::new();
    for duplicate in &load.duplicates {
        let name = found.get(duplicate.manifest).and_then(Manifest::name).unwrap_or(NAMELESS);
        if duplicate.manifest < places.len() {
            return Err(format!("the settings of the policy have two allowlists named `{name}`"));
        }
        shared.insert(name);
    }
    warnings.extend(shared.into_iter().map(|name| {
        format!(
            "several WorkloadAllowlists are named `{name}`, in the settings or in the cluster: none of them counts"
        )
    }));
    for (index, faults) in &load.invalid {
        if let Some(place) = places.get(*index) {
            let faults: Vec<_> = faults.iter().map(|fault| fault.clone().below(place)).collect();
            return Err(invalid_settings(&first_fault(&faults)));
        }
        let name = found.get(*index).map_or(NAMELESS, |manifest| name(manifest.value));
        warnings.push(invalid(name, &first_fault(faults)));
    }
    Ok(())
}

fn invalid_settings(why: &str) -> String {
    format!("the settings of the policy are invalid: {why}")
}

fn invalid(name: &str, why: &dyn Display) -> String {
    format!("the cluster's WorkloadAllowlist `{name}` is invalid and does not count: {why}")
}

fn name<'v>(item: &'v Value<'_>) -> &'v str {
    item.get("metadata").and_then(|metadata| metadata.get("name")?.as_str()).unwrap_or(NAMELESS)
}

fn list(host: HostCall<'_>) -> Result<Vec<u8>, String> {
    host("list_resources_all", br#"{"api_version":"auto.gke.io/v1","kind":"WorkloadAllowlist"}"#)
        .map_err(|error| format!("the cluster's WorkloadAllowlists cannot be listed: {error}"))
}

/// Returns the readable items of a list, as the API server writes it.
fn read_items<'b>(bytes: &'b [u8], warnings: &mut Vec<String>) -> Result<Vec<Value<'b>>, String> {
    #[derive(Deserialize)]
    struct List<'l> {
        #[serde(borrow)]
        items: Option<Vec<&'l RawValue>>,
    }
    let list: List<'_> = from_json(bytes).map_err(|error| error.to_string())?;
    let items = list.items.ok_or_else(|| "it has no `items`".to_owned())?;
    let read = items.into_iter().filter_map(|item| {
        let value = Value::from_json(item.get().as_bytes());
        value.map_err(|error| warnings.push(invalid(NAMELESS, &error))).ok()
    });
    Ok(read.collect())
}
