//! Watches policies and bindings, to restore those that users change.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use kube::Client;
use kube::api::Api;
use kube::runtime::reflector::Store;
use kube::runtime::reflector::store::Writer;
use kube::runtime::{WatchStreamExt as _, watcher};

use super::objects::Cached;
use super::{Coverage, Enforcer, Kind, Rules, Stores};
use crate::metrics::Metrics;
use crate::seen::Seen;

/// An enforcer whose objects are watched.
pub(crate) struct Watched {
    enforcer: Arc<Enforcer>,
    policies: Writer<Cached>,
    bindings: Writer<Cached>,
}

impl Watched {
    /// Creates an enforcer. A watch of the caller fills `allowlists`.
    pub(crate) fn new(
        client: &Client,
        rules: Rules,
        allowlists: Store<Seen>,
        coverage: Arc<Coverage>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let [policies, bindings] = Kind::ALL.map(|kind| Writer::<Cached>::new(kind.resource()));
        let stores = Stores { allowlists, policies: policies.as_reader(), bindings: bindings.as_reader() };
        let enforcer = Arc::new(Enforcer::new(client, rules, stores, coverage, metrics));
        Watched { enforcer, policies, bindings }
    }

    /// Returns the enforcer. The caller must wake it after changes of allowlists.
    pub(crate) fn enforcer(&self) -> Arc<Enforcer> {
        self.enforcer.clone()
    }

    /// Enforces forever. The allowlists must have been read.
    pub(crate) async fn run(self, client: Client, interval: Duration) {
        let Watched { enforcer, policies, bindings } = self;
        tokio::join!(
            watch(&client, Kind::Policy, policies, &enforcer),
            watch(&client, Kind::Binding, bindings, &enforcer),
            enforcer.run(interval),
        );
    }
}

/// Watches one kind forever. Each change starts a round.
async fn watch(client: &Client, kind: Kind, writer: Writer<Cached>, enforcer: &Enforcer) {
    watcher(Api::<Cached>::all_with(client.clone(), &kind.resource()), watcher::Config::default())
        .default_backoff()
        .modify(|object: &mut Cached| object.metadata.managed_fields = None)
        .reflect(writer)
        .for_each(|event| {
            match event {
                Ok(_) => enforcer.wake(),
                Err(error) => tracing::warn!(%error, "a watch failed, and is tried again"),
            }
            std::future::ready(())
        })
        .await;
}
