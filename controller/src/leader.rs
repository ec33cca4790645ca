//! One of several replicas works; the others wait for it to go.

use std::time::Duration;

use kube::Client;
use kube_lease_manager::LeaseManagerBuilder;
use tokio::sync::watch;

/// The name of the Lease.
pub const LEASE: &str = "hallpass-controller";

/// How long a leader that says nothing stays one, in seconds; and how long before the end it renews the Lease.
const DURATION: u64 = 12;
const GRACE: u64 = 6;

/// How long a leader that stops may take to give the Lease back.
const RELEASE: Duration = Duration::from_secs(5);

/// Completes when the value becomes true, or nobody can change it any more.
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
    mut work: impl FnMut(watch::Receiver<bool>) -> W,
) -> Result<(), String> {
    let manager = LeaseManagerBuilder::new(client, LEASE)
        .with_namespace(namespace)
        .with_identity(identity)
        .with_duration(DURATION)
        .with_grace(GRACE)
        .build()
        .await
        .map_err(|error| format!("the Lease `{namespace}/{LEASE}` cannot be used: {error}"))?;
    let (leads, manager) = manager.watch().await;
    let result = loop {
        tracing::info!("waiting to lead");
        tokio::select! {
            () = becomes_true(stop.clone()) => break Ok(()),
            () = becomes_true(leads.clone()) => {}
        }
        tracing::info!("leading");
        let (end, ended) = watch::channel(false);
        let mut worker = std::pin::pin!(work(ended));
        let result = tokio::select! {
            result = &mut worker => result,
            () = becomes_true(stop.clone()) => { end.send_replace(true); worker.await }
            () = becomes_false(leads.clone()) => {
                tracing::warn!("another replica leads now");
                end.send_replace(true);
                worker.await
            }
        };
        if result.is_err() || *stop.borrow() {
            break result;
        }
    };
    // The other replica need not wait for the Lease to expire.
    drop(leads);
    let _ = tokio::time::timeout(RELEASE, manager).await;
    result
}
