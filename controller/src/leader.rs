//! Elects a leader: one of several replicas works, and the others wait.

use std::time::{Duration, Instant};

use kube::Client;
use kube_lease_manager::{LeaseManager, LeaseManagerBuilder};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// The name of the Lease.
pub const LEASE: &str = "hallpass-controller";

/// How long a Lease is valid without renewal, and how long before its end the leader renews it, in seconds.
const DURATION: u64 = 12;
const GRACE: u64 = 6;

/// How long a leader that stops may take to release the Lease.
const RELEASE: Duration = Duration::from_secs(5);

/// How long to wait after an error, and then for the answer which replica leads.
const PAUSE: Duration = Duration::from_secs(1);
const ANSWER: Duration = Duration::from_secs(3);

/// Completes when the value becomes true, or its sender is gone.
pub async fn becomes_true(mut value: watch::Receiver<bool>) {
    let _ = value.wait_for(|value| *value).await;
}

async fn becomes_false(mut value: watch::Receiver<bool>) {
    let _ = value.wait_for(|value| !*value).await;
}

/// Calls `work` whenever this replica is the leader, until `stop` becomes true. `work` gets a signal to end. No other
/// replica may have the same identity.
///
/// # Errors
/// The Lease cannot be used, or `work` fails.
pub async fn lead<W: Future<Output = Result<(), String>>>(
    client: Client,
    namespace: &str,
    identity: &str,
    stop: watch::Receiver<bool>,
    work: impl FnMut(watch::Receiver<bool>) -> W,
) -> Result<(), String> {
    let lease = Lease { client, namespace, identity };
    let mut manager = lease.open().await?;
    let (sender, leads) = watch::channel(false);
    let result = tokio::select! {
        result = work_while(leads, stop, work) => result,
        () = lease.hold(&mut manager, &sender) => Ok(()),
    };
    // Another replica can then lead before the Lease expires.
    let _ = timeout(RELEASE, manager.release()).await;
    result
}

async fn work_while<W: Future<Output = Result<(), String>>>(
    leads: watch::Receiver<bool>,
    stop: watch::Receiver<bool>,
    mut work: impl FnMut(watch::Receiver<bool>) -> W,
) -> Result<(), String> {
    loop {
        tracing::info!("waiting to lead");
        tokio::select! {
            () = becomes_true(stop.clone()) => return Ok(()),
            () = becomes_true(leads.clone()) => {}
        }
        tracing::info!("leading");
        let (end, ended) = watch::channel(false);
        let mut worker = std::pin::pin!(work(ended));
        let result = tokio::select! {
            result = &mut worker => result,
            () = becomes_true(stop.clone()) => {
                end.send_replace(true);
                worker.await
            }
            () = becomes_false(leads.clone()) => {
                tracing::warn!("this replica is no longer the leader");
                end.send_replace(true);
                worker.await
            }
        };
        if result.is_err() || *stop.borrow() {
            return result;
        }
    }
}

struct Lease<'l> {
    client: Client,
    namespace: &'l str,
    identity: &'l str,
}

impl Lease<'_> {
    /// Opens the Lease, and creates it if it does not exist.
    async fn open(&self) -> Result<LeaseManager, String> {
        let builder = LeaseManagerBuilder::new(self.client.clone(), LEASE)
            .with_namespace(self.namespace)
            .with_identity(self.identity)
            .with_duration(DURATION)
            .with_grace(GRACE);
        let namespace = self.namespace;
        builder.build().await.map_err(|error| {
            format!("the Lease `{LEASE}` in namespace `{namespace}` cannot be used: {error}")
        })
    }

    /// Acquires and renews the Lease forever, and sends whether this replica holds it.
    async fn hold(&self, manager: &mut LeaseManager, leads: &watch::Sender<bool>) {
        let mut failing: Option<Instant> = None;
        loop {
            match manager.changed().await {
                Ok(is_leader) => {
                    failing = None;
                    leads.send_replace(is_leader);
                    continue;
                }
                Err(error) => tracing::warn!(%error, "the Lease cannot be renewed"),
            }
            sleep(PAUSE).await;
            match self.open().await {
                // The Lease may have been deleted. Then this is a new one, and the first replica to acquire it leads.
                Ok(opened) => {
                    *manager = opened;
                    failing = None;
                    let leader = timeout(ANSWER, manager.changed()).await;
                    leads.send_replace(matches!(leader, Ok(Ok(true))));
                }
                // Once the Lease has expired, another replica may acquire it.
                Err(_) => {
                    if failing.get_or_insert_with(Instant::now).elapsed() > Duration::from_secs(DURATION) {
                        leads.send_replace(false);
                    }
                }
            }
        }
    }
}
