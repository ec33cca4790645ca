//! Metrics for Prometheus.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Metric, Registry};

use crate::round::{PathProblem, Round};
use crate::status::{Phase, Status};

type Labels = Vec<(&'static str, &'static str)>;

/// Counts what the controller does.
pub struct Metrics {
    registry: Registry,
    syncs: Family<Labels, Counter>,
    durations: Histogram,
    installed: Counter,
    uninstalled: Counter,
    source_errors: Counter,
    files: Family<Labels, Gauge>,
    age: Gauge<f64, AtomicU64>,
    policies: Gauge,
    policies_written: Counter,
    not_enforced: Gauge,
    compiled: Gauge<f64, AtomicU64>,
    last: Mutex<HashMap<String, Last>>,
}

/// The last round of a synchronizer.
struct Last {
    at: Instant,
    phases: Vec<Phase>,
}

impl Default for Metrics {
    fn default() -> Self {
        let all = &mut Registry::with_prefix("hallpass");
        // The text has them in this order.
        Metrics {
            syncs: registered(
                all,
                "syncs",
                "Rounds of synchronizers, by the reason of their condition Ready",
            ),
            durations: {
                let durations = Histogram::new(exponential_buckets(0.01, 4.0, 8));
                all.register("sync_duration_seconds", "How long a round took", durations.clone());
                durations
            },
            installed: registered(all, "allowlists_written", "WorkloadAllowlists created or replaced"),
            uninstalled: registered(
                all,
                "allowlists_uninstalled",
                "WorkloadAllowlists deleted; Pods that they admitted keep running",
            ),
            source_errors: registered(
                all,
                "source_errors",
                "Files and folders that could not be read in a round",
            ),
            files: registered(all, "files", "Files of synchronizers, by phase"),
            age: registered(
                all,
                "oldest_sync_age_seconds",
                "Time since the last round of the synchronizer that waits longest",
            ),
            policies: registered(all, "policies", "ValidatingAdmissionPolicies in force"),
            policies_written: registered(
                all,
                "policies_written",
                "Policies and bindings created, replaced or deleted",
            ),
            not_enforced: registered(
                all,
                "allowlists_not_enforced",
                "WorkloadAllowlists that no policy has as they are",
            ),
            compiled: registered(
                all,
                "last_enforcement_timestamp_seconds",
                "When the allowlists were last compiled and all policies written",
            ),
            last: Mutex::default(),
            registry: std::mem::take(all),
        }
    }
}

/// Returns a new metric that the registry has.
fn registered<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    /// Records a round.
    pub fn synced(&self, synchronizer: &str, status: &Status, duration: Duration) {
        let reason = match status.ready() {
            Some(ready) if ready.is_true() => "SyncSuccessful",
            _ => "SyncError",
        };
        self.syncs.get_or_create(&vec![("reason", reason)]).inc();
        self.durations.observe(duration.as_secs_f64());
        let phases = status.managed_allowlist_status.iter().map(|file| file.phase).collect();
        self.last.lock().insert(synchronizer.to_owned(), Last { at: Instant::now(), phases });
    }

    /// Counts allowlists that were created or replaced.
    pub fn installed(&self, count: usize) {
        self.installed.inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Counts an allowlist that was deleted.
    pub fn uninstalled(&self) {
        self.uninstalled.inc();
    }

    /// Counts the files and folders that could not be read.
    pub fn source_errors(&self, round: &Round) {
        let unlisted = round.paths.iter().filter(|(_, why)| matches!(why, PathProblem::Unlisted(_))).count();
        let unread =
            round.files.values().filter(|read| read.as_ref().is_err_and(|fault| fault.temporary)).count();
        self.source_errors.inc_by(u64::try_from(unlisted + unread).unwrap_or(u64::MAX));
    }

    /// Records a round of enforcement.
    pub fn enforced(&self, policies: usize, not_enforced: usize) {
        self.policies.set(i64::try_from(policies).unwrap_or(i64::MAX));
        self.not_enforced.set(i64::try_from(not_enforced).unwrap_or(i64::MAX));
    }

    /// Counts a policy or binding that was created, replaced or deleted.
    pub fn policy_written(&self) {
        self.policies_written.inc();
    }

    /// Records the time at which all allowlists were compiled and all policies written.
    pub fn compiled(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.compiled.set(now.as_secs_f64());
    }

    /// Forgets the synchronizers that no longer exist, and starts to measure how long new ones wait.
    pub fn track(&self, synchronizers: &BTreeSet<String>) {
        let mut last = self.last.lock();
        last.retain(|name, _| synchronizers.contains(name));
        for name in synchronizers {
            last.entry(name.clone()).or_insert_with(|| Last { at: Instant::now(), phases: Vec::new() });
        }
    }

    /// Writes all metrics in the OpenMetrics text format.
    #[must_use]
    pub fn text(&self) -> String {
        {
            let last = self.last.lock();
            for phase in Phase::ALL {
                let count =
                    last.values().flat_map(|last| &last.phases).filter(|found| **found == phase).count();
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                self.files.get_or_create(&vec![("phase", phase.name())]).set(count);
            }
            let ages = last.values().map(|last| last.at.elapsed().as_secs_f64());
            self.age.set(ages.fold(0.0, f64::max));
        }
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
