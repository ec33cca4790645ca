//! Enforces the allowlists of the cluster: keeps ValidatingAdmissionPolicies equal to them, so that the API server decides as
//! GKE Autopilot does.
//!
//! A round reads all allowlists, compiles them, and writes the objects that differ, in the order of [`plan`]. An error never
//! takes a policy away: the one in force stays.

mod compilation;
mod coverage;
mod kind;
mod objects;
pub mod plan;
mod profile;
mod settings;
mod watches;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use hallpass_compile::Policy;
use kube::Client;
use kube::api::{Api, DynamicObject, ListParams};
use kube::runtime::reflector::Store;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::cluster::{Cached, shown};
use crate::metrics::Metrics;
use crate::object::{Revision, allowlists, fingerprint};

pub use compilation::{Allowlist, Compilation, compile, in_force};
pub use coverage::{Cover, Coverage, Gap};
pub use kind::Kind;
pub use objects::LABEL;
pub use settings::{Effect, Engine, NAME, Rules, Settings, Sharding};

pub(crate) use watches::Watched;

use objects::{Fault, Objects};
use plan::{Sequence, Step, stages};

/// How long changes are collected before a round: a synchronizer installs many allowlists at once.
const DEBOUNCE: Duration = Duration::from_secs(1);

/// How long API servers need to read a policy. They look for changes once a second.
const SETTLED: Duration = Duration::from_secs(2);

/// The longest pause after an error.
const LONGEST_PAUSE: u64 = 60;

/// How many policies are written at the same time.
const WRITES: usize = 4;

/// How many allowlists are read at once.
const PAGE: u32 = 500;

/// Keeps the policies of a cluster equal to its allowlists.
pub struct Enforcer {
    rules: Arc<Rules>,
    api: Api<DynamicObject>,
    /// The allowlists that a watch shows.
    store: Store<Cached>,
    objects: Objects,
    coverage: Arc<Coverage>,
    metrics: Arc<Metrics>,
    /// The allowlists that are enforced. Absent if not all of the last round could be enforced.
    enforced: Mutex<Option<Versions>>,
    changed: Notify,
}

/// The versions of allowlists, by name. Their metadata counts, too.
type Versions = BTreeMap<String, (Revision, u64)>;

/// The watches of a controller that enforces.
pub struct Stores {
    /// The allowlists.
    pub allowlists: Store<Cached>,
    /// The policies.
    pub policies: Store<Cached>,
    /// Their bindings.
    pub bindings: Store<Cached>,
}

/// Why a plan was not carried out.
enum Failure {
    /// The policies of these allowlists are refused, for these reasons.
    Allowlists(BTreeMap<String, String>),
    /// The last policy is refused.
    Last(String),
    /// Anything else, which may pass.
    Other(String),
}

impl Enforcer {
    /// Creates an enforcer that tells the rounds of synchronizers what it did.
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
            api: Api::all_with(client.clone(), &allowlists()),
            store: stores.allowlists,
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

    /// Makes the policies equal to the allowlists, unless they are.
    ///
    /// # Errors
    /// Why that failed. What was in force stays in force.
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
        if self.objects.are_undisturbed() && *self.enforced.lock() == Some(self.versions()) {
            return Ok(());
        }
        let started = Instant::now();
        let (allowlists, versions) = self.read().await?;
        let allowlists = Arc::new(allowlists);
        let mut left_out = BTreeMap::new();
        let (left_out, kept) = loop {
            let compiled = self.compile(&allowlists, left_out).await?;
            let (policies, refused) = match compiled {
                Ok(compilation) => (compilation.policies, compilation.left_out),
                Err(message) => break (BTreeMap::new(), Some(message)),
            };
            match self.carry_out(&policies).await {
                Ok(()) => break (refused, None),
                // Without them, each pass is shorter.
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

    /// Returns the versions that the watch shows.
    fn versions(&self) -> Versions {
        let state = self.store.state();
        let version = |object: &Cached| {
            let metadata = &object.metadata;
            Some((metadata.name.clone()?, (Revision::of(metadata), fingerprint(metadata))))
        };
        state.iter().filter_map(|object| version(object)).collect()
    }

    /// Reads all allowlists: only their metadata is kept in memory.
    async fn read(&self) -> Result<(Vec<Allowlist>, Versions), String> {
        let (mut found, mut versions) = (Vec::new(), Versions::new());
        let mut parameters = ListParams::default().limit(PAGE);
        loop {
            let page = self.api.list(&parameters).await.map_err(shown)?;
            for mut object in page.items {
                object.metadata.managed_fields = None;
                let name = object.metadata.name.clone().unwrap_or_default();
                let revision = Revision::of(&object.metadata);
                versions.insert(name.clone(), (revision.clone(), fingerprint(&object.metadata)));
                let json = serde_json::to_string(&object)
                    .map_err(|error| format!("the WorkloadAllowlist `{name}` cannot be read: {error}"))?;
                found.push(Allowlist { name, revision, json });
            }
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => parameters = parameters.continue_token(&token),
                None => return Ok((found, versions)),
            }
        }
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

    /// Writes what differs, stage by stage.
    async fn carry_out(&self, policies: &[Policy]) -> Result<(), Failure> {
        let existing = self.objects.existing();
        for stage in stages(policies, &existing) {
            let sequences: Vec<_> = stage.iter().map(|sequence| self.write(sequence)).collect();
            let results: Vec<_> = futures::stream::iter(sequences).buffered(WRITES).collect().await;
            let (mut changed, mut refused) = (false, BTreeMap::new());
            for (sequence, result) in stage.iter().zip(results) {
                match result.map_err(|fault| Failure::of(fault, sequence.policy)) {
                    Ok(written) => changed |= written,
                    Err(Failure::Allowlists(one)) => refused.extend(one),
                    Err(failure) => return Err(failure),
                }
            }
            // Also before another try without the refused ones, which goes on to the next stage.
            if changed {
                tokio::time::sleep(SETTLED).await;
            }
            if !refused.is_empty() {
                return Err(Failure::Allowlists(refused));
            }
        }
        Ok(())
    }

    /// Makes the writes of a sequence. Returns whether an object was changed.
    async fn write(&self, sequence: &Sequence<'_>) -> Result<bool, Fault> {
        let mut changed = false;
        for step in &sequence.steps {
            let written = match step {
                Step::Put(kind, object) => self.objects.put(*kind, object).await?,
                Step::Delete(kind, name) => self.objects.delete(*kind, name).await?,
            };
            if written {
                self.metrics.policy_written();
            }
            changed |= written;
        }
        Ok(changed)
    }

    fn succeeded(&self, allowlists: &[Allowlist], left_out: &BTreeMap<String, String>, versions: Versions) {
        self.record(allowlists, |allowlist| {
            let message = left_out.get(&allowlist.name)?.clone();
            Some(Gap { message, older: false })
        });
        // Whatever kept one out may pass without a change of the allowlist.
        *self.enforced.lock() = left_out.is_empty().then_some(versions);
        self.metrics.compiled();
    }

    /// Keeps the policy in force, because the allowlists cannot be enforced together.
    ///
    /// If somebody has deleted or changed it, its allowlists are not known any more: then a policy without allowlists is
    /// written, because to admit nothing is better than to admit anything.
    async fn keep(&self, allowlists: &Arc<Vec<Allowlist>>, message: String) -> Result<(), String> {
        *self.enforced.lock() = None;
        let without = self.compile(&Arc::default(), BTreeMap::new()).await??.policies;
        let (kept, result) = match self.objects.policy(NAME).await? {
            Some(policy) => match self.bind(&without).await {
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
                (None, self.carry_out(&without).await.map_err(Failure::message))
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

    /// Makes the bindings be as they should, whatever is in the policies.
    async fn bind(&self, policies: &[Policy]) -> Result<(), Failure> {
        for binding in policies.iter().flat_map(|policy| &policy.bindings) {
            self.objects.put(Kind::Binding, binding).await.map_err(|fault| Failure::of(fault, NAME))?;
        }
        Ok(())
    }

    /// Records that nothing new could be enforced.
    fn failed(&self, message: &str) {
        *self.enforced.lock() = None;
        let versions = self.versions();
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

impl Failure {
    /// Why an object of a policy could not be written.
    fn of(fault: Fault, policy: &str) -> Self {
        match (fault, compilation::allowlist(policy)) {
            (Fault::Refused(message), Some(allowlist)) => {
                Failure::Allowlists([(allowlist.to_owned(), message)].into())
            }
            (Fault::Refused(message), None) => Failure::Last(message),
            (Fault::Failed(message), _) => Failure::Other(message),
        }
    }

    fn message(self) -> String {
        match self {
            Failure::Allowlists(refused) => refused.into_values().collect::<Vec<_>>().join("; "),
            Failure::Last(message) | Failure::Other(message) => message,
        }
    }
}
