//! Rounds of enforcement.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kube::Client;
use kube::runtime::reflector::Store;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::allowlists::{Allowlists, Versions};
use super::compilation::{Allowlist, Compilation, compile, in_force};
use super::coverage::{Cover, Coverage, Gap};
use super::objects::{Cached, Objects};
use super::settings::{NAME, Rules};
use super::writing::Failure;
use crate::metrics::Metrics;
use crate::seen::Seen;

/// How long changes are collected before a round: a synchronizer installs many allowlists at once.
const DEBOUNCE: Duration = Duration::from_secs(1);

/// The longest pause after an error.
const LONGEST_PAUSE: u64 = 60;

/// Keeps the policies of a cluster in step with its allowlists.
pub struct Enforcer {
    rules: Arc<Rules>,
    allowlists: Allowlists,
    objects: Objects,
    coverage: Arc<Coverage>,
    metrics: Arc<Metrics>,
    /// The enforced allowlists. Absent if the last round could not enforce all of them.
    enforced: Mutex<Option<Versions>>,
    changed: Notify,
}

/// The watches of a controller that enforces.
pub struct Stores {
    /// The allowlists.
    pub allowlists: Store<Seen>,
    /// The policies.
    pub policies: Store<Cached>,
    /// Their bindings.
    pub bindings: Store<Cached>,
}

impl Enforcer {
    /// Creates an enforcer that reports its results to the rounds of synchronizers.
    #[must_use]
    pub fn new(
        client: &Client,
        rules: Rules,
        stores: Stores,
        coverage: Arc<Coverage>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Enforcer {
            rules: Arc::new(rules),
            allowlists: Allowlists::new(client, stores.allowlists),
            objects: Objects::new(client, stores.policies, stores.bindings),
            coverage,
            metrics,
            enforced: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Starts a round soon.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Runs forever: after changes, and at least once in this interval.
    pub(crate) async fn run(&self, interval: Duration) {
        let mut failures = 0;
        loop {
            tokio::time::sleep(DEBOUNCE).await;
            let next = match self.round().await {
                Ok(()) => {
                    failures = 0;
                    interval
                }
                Err(error) => {
                    failures += 1;
                    let next = Duration::from_secs(LONGEST_PAUSE.min(1 << failures.min(6)));
                    tracing::warn!(error, next_s = next.as_secs(), "the policies could not be updated");
                    next.min(interval)
                }
            };
            let _ = tokio::time::timeout(next, self.changed.notified()).await;
        }
    }

    /// Updates the policies, if the allowlists or the policies have changed.
    ///
    /// # Errors
    /// The reason of the failure. The policies in force stay.
    pub async fn round(&self) -> Result<(), String> {
        let result = self.update().await;
        if let Err(error) = &result {
            self.failed(error);
        }
        self.metrics.enforced(self.objects.existing().policies.len(), self.coverage.gaps());
        result
    }

    async fn update(&self) -> Result<(), String> {
        self.objects.ready().await?;
        if self.objects.are_undisturbed() && *self.enforced.lock() == Some(self.allowlists.versions()) {
            return Ok(());
        }
        let started = Instant::now();
        let (allowlists, versions) = self.allowlists.read().await?;
        let allowlists = Arc::new(allowlists);
        let mut left_out = BTreeMap::new();
        let (left_out, kept) = loop {
            let compiled = self.compile(&allowlists, left_out).await?;
            let (policies, refused) = match compiled {
                Ok(compilation) => (compilation.policies, compilation.left_out),
                Err(message) => break (BTreeMap::new(), Some(message)),
            };
            match self.objects.carry_out(&policies, &self.metrics).await {
                Ok(()) => break (refused, None),
                // The loop ends: each pass compiles fewer allowlists.
                Err(Failure::Allowlists(more)) => left_out = refused.into_iter().chain(more).collect(),
                Err(Failure::Last(message)) => break (BTreeMap::new(), Some(message)),
                Err(Failure::Other(message)) => return Err(message),
            }
        };
        match kept {
            None => self.succeeded(&allowlists, &left_out, versions),
            Some(message) => self.keep(&allowlists, message).await?,
        }
        tracing::info!(
            allowlists = allowlists.len(),
            not_enforced = self.coverage.gaps(),
            ms = started.elapsed().as_millis(),
            "the policies are up to date"
        );
        Ok(())
    }

    /// Compiles without blocking the rounds of synchronizers.
    async fn compile(
        &self,
        allowlists: &Arc<Vec<Allowlist>>,
        left_out: BTreeMap<String, String>,
    ) -> Result<Result<Compilation, String>, String> {
        self.blocking(allowlists, |allowlists, rules| compile(allowlists, rules, left_out)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        allowlists: &Arc<Vec<Allowlist>>,
        work: impl FnOnce(&[Allowlist], &Rules) -> T + Send + 'static,
    ) -> Result<T, String> {
        let (allowlists, rules) = (allowlists.clone(), self.rules.clone());
        let done = tokio::task::spawn_blocking(move || work(&allowlists, &rules)).await;
        done.map_err(|error| format!("internal error: the compiler has stopped: {error}"))
    }

    fn succeeded(&self, allowlists: &[Allowlist], left_out: &BTreeMap<String, String>, versions: Versions) {
        self.record(allowlists, |allowlist| {
            let message = left_out.get(&allowlist.name)?.clone();
            Some(Gap { message, older: false })
        });
        // The reason for which one was left out may pass without a change of the allowlist.
        *self.enforced.lock() = left_out.is_empty().then_some(versions);
        self.metrics.compiled();
    }

    /// Keeps the policy in force, because the allowlists cannot be enforced together.
    ///
    /// If a user has deleted or changed the policy, its allowlists are no longer known. Then this writes a policy without
    /// allowlists, because to admit nothing is better than to admit anything.
    async fn keep(&self, allowlists: &Arc<Vec<Allowlist>>, message: String) -> Result<(), String> {
        *self.enforced.lock() = None;
        let without = self.compile(&Arc::default(), BTreeMap::new()).await??.policies;
        let (kept, result) = match self.objects.policy(NAME).await? {
            Some(policy) => match self.objects.bind(&without).await {
                Ok(()) => {
                    let policy = serde_json::to_value(&policy).map_err(|error| error.to_string())?;
                    let kept =
                        move |allowlists: &[Allowlist], rules: &Rules| in_force(allowlists, rules, &policy);
                    (Some(self.blocking(allowlists, kept).await?), Ok(()))
                }
                Err(failure) => (None, Err(failure.message())),
            },
            None => {
                tracing::warn!(policy = NAME, "no policy is in force: one without allowlists is written");
                (None, self.objects.carry_out(&without, &self.metrics).await.map_err(Failure::message))
            }
        };
        let message = result.as_ref().err().unwrap_or(&message);
        self.record(allowlists, |allowlist| {
            let gap = || Gap { message: message.clone(), older: kept.is_some() };
            let is_kept = kept.as_ref().is_some_and(|kept| kept.contains(&allowlist.name));
            (!is_kept).then(gap)
        });
        result
    }

    /// Records that nothing new could be enforced.
    fn failed(&self, message: &str) {
        *self.enforced.lock() = None;
        let versions = self.allowlists.versions();
        let found = versions.into_iter().map(|(name, (revision, _))| {
            let gap = match self.coverage.of(&name, &revision) {
                Cover::Pending => Some(Gap { message: message.to_owned(), older: true }),
                Cover::Enforced => None,
                Cover::Not(gap) => Some(gap),
            };
            (name, revision, gap)
        });
        self.coverage.record(found.collect::<Vec<_>>());
    }

    fn record(&self, allowlists: &[Allowlist], gap: impl Fn(&Allowlist) -> Option<Gap>) {
        let found = allowlists
            .iter()
            .map(|allowlist| (allowlist.name.clone(), allowlist.revision.clone(), gap(allowlist)));
        self.coverage.record(found);
    }
}
