//! One pass over all synchronizers.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt as _;
use kube::Client;
use kube::api::{Api, DynamicObject, ListParams};
use kube::runtime::reflector::store::Writer;
use kube::runtime::watcher::Event;

use crate::cluster::{Cached, shown};
use crate::metrics::Metrics;
use crate::object::{allowlists, synchronizers};
use crate::settings::Settings;
use crate::sync::Context;

/// How many synchronizers are handled at the same time.
const CONCURRENCY: usize = 16;

/// The result of a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// The number of synchronizers of the cluster.
    pub synchronizers: usize,
    /// The synchronizers of which not everything is in force as it is published, with the reasons.
    pub incomplete: BTreeMap<String, Vec<String>>,
}

/// Syncs every synchronizer of the cluster once.
///
/// # Errors
/// The cluster cannot be read.
pub async fn once(client: Client, settings: &Settings) -> Result<Pass, String> {
    let mut synchronizer_writer = Writer::<DynamicObject>::new(synchronizers());
    let mut allowlist_writer = Writer::<Cached>::new(allowlists());
    let context = Arc::new(Context::new(
        client.clone(),
        synchronizer_writer.as_reader(),
        allowlist_writer.as_reader(),
        settings.source()?,
        settings.authorized_paths.clone(),
        Arc::new(Metrics::default()),
    ));
    let everything = ListParams::default();
    let found = Api::<DynamicObject>::all_with(client.clone(), &synchronizers()).list(&everything).await;
    fill(&mut synchronizer_writer, found.map_err(shown)?.items);
    let found = Api::<DynamicObject>::all_with(client, &allowlists()).list_metadata(&everything).await;
    fill(&mut allowlist_writer, found.map_err(shown)?.items);

    let live = context.live();
    let rounds = futures::stream::iter(&live).map(|object| {
        let context = context.clone();
        let name = object.metadata.name.clone().unwrap_or_default();
        async move {
            let problems =
                context.sync(object).await.map_or_else(|error| vec![shown(error)], |synced| synced.problems);
            (name, problems)
        }
    });
    let rounds: Vec<_> = rounds.buffer_unordered(CONCURRENCY).collect().await;
    context.sweep().await?;
    let mut pass = Pass { synchronizers: rounds.len(), incomplete: BTreeMap::new() };
    pass.incomplete.extend(rounds.into_iter().filter(|(_, problems)| !problems.is_empty()));
    Ok(pass)
}

fn fill<K>(writer: &mut Writer<K>, objects: Vec<K>)
where
    K: kube::runtime::reflector::Lookup<DynamicType = kube::api::ApiResource> + Clone + 'static,
{
    writer.apply_watcher_event(&Event::Init);
    for object in objects {
        writer.apply_watcher_event(&Event::InitApply(object));
    }
    writer.apply_watcher_event(&Event::InitDone);
}
