//! Keeps the allowlists of a cluster in step with its synchronizers.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::{Ready, ready};
use futures::{FutureExt as _, Stream, StreamExt as _};
use kube::Client;
use kube::api::{Api, DynamicObject, PartialObjectMeta};
use kube::runtime::controller::{Action, Config, Controller};
use kube::runtime::reflector::ObjectRef;
use kube::runtime::reflector::store::Writer;
use kube::runtime::watcher::Event;
use kube::runtime::{PredicateConfig, WatchStreamExt as _, watcher};
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};

use crate::enforce::{Coverage, Enforcer, Watched};
use crate::leader::becomes_true;
use crate::metrics::Metrics;
use crate::object::{allowlists, synchronizers};
use crate::seen::Seen;
use crate::settings::Settings;
use crate::status::Status;
use crate::sync::Context;

/// How many synchronizers are handled at the same time.
const CONCURRENCY: u16 = 32;

/// How long changes of a synchronizer are collected before a round.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// How long to wait before checking whether a change of an allowlist was our own.
const SETTLED: Duration = Duration::from_millis(500);

/// How long to wait for Kubernetes' garbage collector before looking for allowlists without a synchronizer.
const COLLECTED: Duration = Duration::from_secs(2);

/// How long running rounds may take when the controller stops: less than the 30 s that a Pod has.
const STOPPED: Duration = Duration::from_secs(10);

/// How long to wait before retrying a failure that may pass.
const RETRY: Duration = Duration::from_secs(60);

/// Runs until `stop`, and then completes running rounds, for at most ten seconds. Sets `is_ready` when the cluster has been
/// read.
///
/// # Errors
/// A location that cannot be used.
pub async fn run(
    client: Client,
    settings: &Settings,
    interval: Duration,
    metrics: Arc<Metrics>,
    is_ready: Arc<AtomicBool>,
    stop: impl Future<Output = ()> + Send + Sync + 'static,
) -> Result<(), String> {
    let stop = stop.boxed().shared();
    let synchronizer_writer = Writer::<DynamicObject>::new(synchronizers());
    let allowlist_writer = Writer::<Seen>::new(());
    let store = synchronizer_writer.as_reader();
    let (coverage, covered) = Coverage::new();
    let coverage = Arc::new(coverage);
    let enforcement = settings.rules()?.map(|rules| {
        let allowlists = allowlist_writer.as_reader();
        Watched::new(&client, rules, allowlists, coverage.clone(), metrics.clone())
    });
    let context = Context::new(
        client.clone(),
        store.clone(),
        allowlist_writer.as_reader(),
        settings.source()?,
        settings.authorized_paths.clone(),
        enforcement.is_some().then(|| coverage.clone()),
        metrics,
    );
    let runner = Arc::new(Runner {
        context,
        enforcer: enforcement.as_ref().map(Watched::enforcer),
        interval,
        failures: Mutex::default(),
        deletion: Notify::new(),
        is_read: watch::Sender::new(false),
    });

    let of_runner = runner.clone();
    let changes = watcher(Api::all_with(client.clone(), &synchronizers()), watcher::Config::default())
        .default_backoff()
        .modify(|object: &mut DynamicObject| {
            object.metadata.managed_fields = None;
            object.data.get_mut("status").map(Status::pack);
        })
        .inspect(move |event| {
            let is_deletion = match event {
                Ok(Event::Delete(_) | Event::InitDone) => true,
                // A finalizer delays the deletion.
                Ok(Event::Apply(object)) => object.metadata.deletion_timestamp.is_some(),
                _ => false,
            };
            if is_deletion {
                of_runner.deletion.notify_one();
            }
        })
        .reflect(synchronizer_writer)
        .touched_objects()
        .filter_map(logged)
        .map(Ok)
        .predicate_filter(relevant, PredicateConfig::default());
    let disturbances = watched_allowlists(client.clone(), allowlist_writer, runner.clone());
    let of_runner = runner.clone();
    let enforced = covered.flat_map(move |allowlist| {
        let installer = of_runner.context.allowlists.installer(&allowlist);
        futures::stream::iter(installer.map(|name| ObjectRef::new_with(&name, synchronizers())))
    });
    let of_runner = runner.clone();
    let controller = Controller::for_stream_with(changes, store, synchronizers())
        .with_config(Config::default().concurrency(CONCURRENCY).debounce(DEBOUNCE))
        .reconcile_on(disturbances.flat_map(move |name| futures::stream::iter(of_runner.concerned(&name))))
        .reconcile_on(enforced)
        .graceful_shutdown_on(stop.clone());
    let rounds = controller.run(
        |object, runner| async move { runner.round(&object).await },
        |object, error, runner: Arc<Runner>| runner.failed(&object, error),
        runner.clone(),
    );
    let ready = async {
        runner.context.ready().await;
        runner.context.metrics.track(&runner.context.names());
        runner.is_read.send_replace(true);
        tracing::info!("the cluster has been read");
        is_ready.store(true, Ordering::Relaxed);
        runner.sweep_forever().await
    };
    let of_runner = runner.clone();
    let enforcing = async {
        match enforcement {
            Some(enforcement) => {
                becomes_true(of_runner.is_read.subscribe()).await;
                enforcement.run(client, interval).await
            }
            None => futures::future::pending::<()>().await,
        }
    };
    let stopped = async {
        stop.await;
        tokio::time::sleep(STOPPED).await;
        tracing::warn!("stopping rounds that take too long");
    };
    tokio::select! {
        () = rounds.for_each(|_| async {}) => {}
        () = ready => {}
        () = enforcing => {}
        () = stopped => {}
    }
    // From now on, another replica reports these metrics.
    runner.context.metrics.track(&BTreeSet::new());
    runner.context.metrics.enforced(0, 0);
    Ok(())
}

/// Returns the names of changed allowlists, each after a delay: by then, our own writes are recorded.
fn watched_allowlists(
    client: Client,
    mut writer: Writer<Seen>,
    runner: Arc<Runner>,
) -> impl Stream<Item = String> + Send {
    const DELAYED: usize = 100_000;
    type Metadata = PartialObjectMeta<DynamicObject>;
    watcher(Api::<Metadata>::all_with(client, &allowlists()), watcher::Config::default())
        .default_backoff()
        .filter_map(logged)
        .flat_map(move |event| {
            let event = Seen::event(&event);
            runner.context.allowlists.observe(&event);
            writer.apply_watcher_event(&event);
            runner.enforcer.iter().for_each(|enforcer| enforcer.wake());
            futures::stream::iter(match event {
                Event::Apply(seen) | Event::InitApply(seen) | Event::Delete(seen) => vec![seen.name],
                Event::Init => Vec::new(),
                // A list does not show what was deleted while the watch was down.
                Event::InitDone => runner.context.allowlists.missing(),
            })
        })
        .map(|name| async {
            tokio::time::sleep(SETTLED).await;
            name
        })
        .buffered(DELAYED)
}

/// Logs the errors of a watch, and drops them. The watch itself waits before it tries again; the controller would also delay
/// everything else.
fn logged<T>(event: Result<T, watcher::Error>) -> Ready<Option<T>> {
    let log = |error: &watcher::Error| tracing::warn!(%error, "a watch failed, and is tried again");
    ready(event.inspect_err(log).ok())
}

/// Returns a hash of the fields whose change starts a round. The status is not among them, because we write it.
fn relevant(object: &DynamicObject) -> Option<u64> {
    let metadata = &object.metadata;
    let mut hasher = DefaultHasher::new();
    (&metadata.uid, metadata.generation, &metadata.labels, &metadata.annotations).hash(&mut hasher);
    metadata.deletion_timestamp.is_some().hash(&mut hasher);
    Some(hasher.finish())
}

struct Runner {
    context: Context,
    /// Present if allowlists are enforced.
    enforcer: Option<Arc<Enforcer>>,
    interval: Duration,
    /// How many rounds in a row have failed, by synchronizer.
    failures: Mutex<HashMap<String, u32>>,
    /// Notified when a synchronizer is deleted.
    deletion: Notify,
    /// True when the cluster has been read.
    is_read: watch::Sender<bool>,
}

impl Runner {
    async fn round(&self, object: &DynamicObject) -> Result<Action, kube::Error> {
        let name = object.metadata.name.clone().unwrap_or_default();
        if object.metadata.deletion_timestamp.is_some() {
            return Ok(Action::await_change());
        }
        becomes_true(self.is_read.subscribe()).await;
        let synced = self.context.sync(object).await?;
        self.failures.lock().remove(&name);
        let Some(synced) = synced else {
            // The next round of enforcement also starts a round of this synchronizer.
            return Ok(Action::requeue(self.interval.min(RETRY)));
        };
        let next = if synced.temporary { self.interval.min(RETRY) } else { self.interval };
        tracing::info!(synchronizer = name, problems = ?synced.problems, next_s = next.as_secs(), "synced");
        Ok(Action::requeue(next))
    }

    /// Retries with growing pauses.
    fn failed(&self, object: &DynamicObject, error: &kube::Error) -> Action {
        let name = object.metadata.name.clone().unwrap_or_default();
        let mut failures = self.failures.lock();
        let count = failures.entry(name.clone()).or_insert(0);
        *count = count.saturating_add(1);
        let next = Duration::from_secs(1 << (*count).min(6)).min(self.interval);
        tracing::warn!(synchronizer = name, %error, next_s = next.as_secs(), "the round failed");
        Action::requeue(next)
    }

    /// Returns the synchronizers that a change of an allowlist concerns.
    fn concerned(&self, name: &str) -> Vec<ObjectRef<DynamicObject>> {
        let mut concerned = self.context.conflicts.waiting(name);
        concerned.extend(self.context.allowlists.disturbed(name));
        concerned.iter().map(|name| ObjectRef::new_with(name, synchronizers())).collect()
    }

    async fn sweep_forever(&self) {
        loop {
            // Wait for the garbage collector, and handle several deletions in one sweep.
            tokio::time::sleep(COLLECTED).await;
            let mut next = self.interval;
            if let Err(error) = self.context.sweep().await {
                tracing::warn!(error, "allowlists without a synchronizer may remain");
                next = next.min(RETRY);
            }
            let live: BTreeSet<String> = self.context.names();
            self.context.metrics.track(&live);
            self.failures.lock().retain(|name, _| live.contains(name));
            let _ = tokio::time::timeout(next, self.deletion.notified()).await;
        }
    }
}
