//! Waits until synchronizers are ready, as strictly as `hallpass status` judges them.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use hallpass_document::Value;
use hallpass_policy::manifests;
use hallpass_renderer::status::{Cluster, State, Synchronizer, allowlist_name, file_path, judge};
use k8s_openapi::jiff::Timestamp;
use kube::Client;
use kube::api::{Api, DynamicObject, ListParams, PartialObjectMeta};

use crate::cluster::shown;
use crate::object::{allowlists, held, synchronizers};

/// The time between two looks at the cluster.
const PERIOD: Duration = Duration::from_secs(2);

/// Waits until all of these synchronizers are ready.
///
/// # Errors
/// The time is over. Returns what is still missing, one line each.
pub async fn wait(client: Client, names: &[String], timeout: Duration) -> Result<(), Vec<String>> {
    let end = Instant::now() + timeout;
    loop {
        let mut missing = Vec::new();
        match look(&client, names).await {
            Ok(found) if found.is_empty() => return Ok(()),
            Ok(found) => missing.extend(found),
            Err(error) => missing.push(error),
        }
        if Instant::now() + PERIOD > end {
            return Err(missing);
        }
        tracing::info!(missing = missing.first(), "waiting");
        tokio::time::sleep(PERIOD).await;
    }
}

/// Returns what is missing.
async fn look(client: &Client, names: &[String]) -> Result<Vec<String>, String> {
    let api = Api::<DynamicObject>::all_with(client.clone(), &allowlists());
    let installed = api.list_metadata(&ListParams::default()).await.map_err(shown)?;
    // Outside GKE, an allowlist names its file, so its own name does not matter.
    let of_object = |object: &PartialObjectMeta<DynamicObject>| {
        let file = held(&object.metadata).file.map(|file| allowlist_name(file_path(&file)).to_owned());
        object.metadata.name.clone().into_iter().chain(file)
    };
    let installed: BTreeSet<String> = installed.items.iter().flat_map(of_object).collect();
    let installed: BTreeSet<&str> = installed.iter().map(String::as_str).collect();
    let api = Api::<DynamicObject>::all_with(client.clone(), &synchronizers());
    let mut missing = Vec::new();
    for name in names {
        match api.get_opt(name).await.map_err(shown)? {
            None => missing.push(format!("the cluster has no AllowlistSynchronizer `{name}`")),
            Some(object) => {
                missing.extend(
                    judged(&object, &installed)?.into_iter().map(|finding| format!("`{name}`: {finding}")),
                );
            }
        }
    }
    Ok(missing)
}

fn judged(object: &DynamicObject, installed: &BTreeSet<&str>) -> Result<Vec<String>, String> {
    let unreadable = |fault: &dyn std::fmt::Display| format!("the object cannot be read: {fault}");
    let json = serde_json::to_vec(object).map_err(|error| unreadable(&error))?;
    let value = Value::from_json(&json).map_err(|error| unreadable(&error))?;
    let (found, _) = manifests(&value);
    let manifest = found.first().ok_or_else(|| unreadable(&"it is empty"))?;
    let synchronizer = match Synchronizer::read(manifest) {
        Ok(synchronizer) => synchronizer,
        Err(faults) => return Ok(faults.iter().map(|fault| fault.message.clone()).collect()),
    };
    let judgement =
        judge(&synchronizer, None, &Cluster { now: Timestamp::now(), allowlists: Some(installed) });
    match judgement.state {
        State::Ready => Ok(Vec::new()),
        State::Waiting | State::Failed => Ok(judgement
            .findings
            .into_iter()
            .map(|finding| format!("{} ({})", finding.message, finding.help))
            .collect()),
    }
}
