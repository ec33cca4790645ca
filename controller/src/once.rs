//! One pass over all synchronizers.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt as _;
use kube::api::{Api, ApiResource, DynamicObject, ListParams};
use kube::runtime::reflector::store::Writer;
use kube::runtime::watcher::Event;
use kube::{Client, Resource};

use crate::cluster::shown;
use crate::enforce::{Cached, Coverage, Enforcer, Kind, Stores};
use crate::metrics::Metrics;
use crate::object::{allowlists, synchronizers};
use crate::seen::Seen;
use crate::settings::Settings;
use crate::sync::Context;

/// How many synchronizers are handled at the same time.
const CONCURRENCY: usize = 16;

/// The result of a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// The number of synchronizers of the cluster.
    pub synchronizers: usize,
    /// The synchronizers whose allowlists are not all in force as published, with the reasons.
    pub incomplete: BTreeMap<String, Vec<String>>,
}

/// Syncs every synchronizer of the cluster once, and then enforces its allowlists, if the settings say so.
///
/// # Errors
/// The cluster cannot be read, or the policies cannot be written.
pub async fn once(client: Client, settings: &Settings) -> Result<Pass, String> {
    let metrics = Arc::new(Metrics::default());
    let mut synchronizer_writer = Writer::<DynamicObject>::new(synchronizers());
    let mut allowlist_writer = Writer::<Seen>::new(());
    let (coverage, _) = Coverage::new();
    let coverage = Arc::new(coverage);
    let rules = settings.rules()?;
    let context = Arc::new(Context::new(
        client.clone(),
        synchronizer_writer.as_reader(),
        allowlist_writer.as_reader(),
        settings.source()?,
        settings.authorized_paths.clone(),
        rules.is_some().then(|| coverage.clone()),
        metrics.clone(),
    ));
    let everything = ListParams::default();
    let found = Api::<DynamicObject>::all_with(client.clone(), &synchronizers()).list(&everything).await;
    fill(&mut synchronizer_writer, found.map_err(shown)?.items);
    for event in events(metadata(&client, &allowlists()).await?) {
        let event = Seen::event(&event);
        context.allowlists.observe(&event);
        allowlist_writer.apply_watcher_event(&event);
    }

    let mut rounds = all(&context).await;
    context.sweep().await?;
    if let Some(rules) = rules {
        let [mut policies, mut bindings] = Kind::ALL.map(|kind| Writer::<Cached>::new(kind.resource()));
        let stores = Stores {
            allowlists: allowlist_writer.as_reader(),
            policies: policies.as_reader(),
            bindings: bindings.as_reader(),
        };
        let enforcer = Enforcer::new(&client, rules, stores, coverage, metrics);
        fill(&mut policies, metadata(&client, &Kind::Policy.resource()).await?);
        fill(&mut bindings, metadata(&client, &Kind::Binding.resource()).await?);
        let enforced = enforcer.round().await;
        // Now the statuses can say which allowlists are enforced.
        rounds = all(&context).await;
        enforced?;
    }
    let mut pass = Pass { synchronizers: rounds.len(), incomplete: BTreeMap::new() };
    pass.incomplete.extend(rounds.into_iter().filter(|(_, problems)| !problems.is_empty()));
    Ok(pass)
}

/// Syncs every synchronizer. Returns their names, each with its problems.
async fn all(context: &Arc<Context>) -> Vec<(String, Vec<String>)> {
    let live = context.live();
    let rounds = futures::stream::iter(&live).map(|object| {
        let context = context.clone();
        let name = object.metadata.name.clone().unwrap_or_default();
        async move {
            let problems = match context.sync(object).await {
                Ok(Some(synced)) => synced.problems,
                Ok(None) => vec!["an allowlist has just changed: run this again".to_owned()],
                Err(error) => vec![shown(error)],
            };
            (name, problems)
        }
    });
    rounds.buffer_unordered(CONCURRENCY).collect().await
}

async fn metadata(client: &Client, kind: &ApiResource) -> Result<Vec<Cached>, String> {
    let api = Api::<DynamicObject>::all_with(client.clone(), kind);
    Ok(api.list_metadata(&ListParams::default()).await.map_err(shown)?.items)
}

fn fill<K: Resource<DynamicType = ApiResource> + Clone + 'static>(writer: &mut Writer<K>, objects: Vec<K>) {
    events(objects).for_each(|event| writer.apply_watcher_event(&event));
}

/// Returns the events of a watch that shows these objects.
fn events<K>(objects: Vec<K>) -> impl Iterator<Item = Event<K>> {
    let objects = objects.into_iter().map(Event::InitApply);
    std::iter::once(Event::Init).chain(objects).chain([Event::InitDone])
}
