//! From JSON to a decision.

use hallpass_document::{Diagnostic, Value};
use hallpass_policy::{AllowlistSet, Decision, Manifest, Options, Profile, Role, Workload, manifests};
use serde_json::Value as Json;

/// The version of the cluster.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Unknown,
    Known(&'static str),
}

/// Decides on valid input.
pub(crate) fn decide(workload: &Json, allowlists: &[Json], target: Target) -> Decision {
    read(workload, allowlists, target, false).unwrap().remove(0)
}

pub(crate) fn decide_strictly(workload: &Json, allowlists: &[Json], target: Target) -> Decision {
    read(workload, allowlists, target, true).unwrap().remove(0)
}

/// Decides on any input: one decision per workload in it.
pub(crate) fn try_decide(workload: &Json, allowlists: &[Json]) -> Result<Vec<Decision>, Vec<Diagnostic>> {
    read(workload, allowlists, Target::Unknown, false)
}

fn read(
    workload: &Json,
    allowlists: &[Json],
    target: Target,
    strict: bool,
) -> Result<Vec<Decision>, Vec<Diagnostic>> {
    let profile = Profile::autopilot();
    let target = match target {
        Target::Unknown => None,
        Target::Known(version) => Some(version.parse().unwrap()),
    };
    let options = Options { profile: &profile, target, strict };
    let mut faults = Vec::new();

    let texts: Vec<String> = allowlists.iter().map(Json::to_string).collect();
    let values: Vec<Value<'_>> =
        texts.iter().map(|text| Value::from_json(text.as_bytes()).unwrap()).collect();
    let mut installed = Vec::new();
    for value in &values {
        installed.extend(objects(value, &mut faults));
    }
    let load = AllowlistSet::load(&installed);
    faults.extend(load.invalid.into_iter().flat_map(|(_, found)| found));
    let set = load.set;

    let text = workload.to_string();
    let value = Value::from_json(text.as_bytes()).unwrap();
    let mut decisions = Vec::new();
    for manifest in objects(&value, &mut faults) {
        match manifest.role() {
            Ok(Role::Workload(kind)) => match Workload::read(&manifest, kind) {
                Ok(read) => decisions.push(hallpass_policy::decide(&read.workload, &set, &options)),
                Err(found) => faults.extend(found),
            },
            Ok(_) => {}
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(decisions) } else { Err(faults) }
}

fn objects<'v>(value: &'v Value<'v>, faults: &mut Vec<Diagnostic>) -> Vec<Manifest<'v>> {
    let (found, wrong) = manifests(value);
    faults.extend(wrong);
    found
}
