//! One round for one synchronizer: read, plan, write, report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use futures::{FutureExt as _, StreamExt as _};
use hallpass_policy::synchronizer::{AuthorizedPaths, MALFORMED, is_allowlist_path};
use k8s_openapi::jiff::Timestamp;
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::runtime::reflector::Store;
use kube::{Client, Resource as _};
use serde_json::json;

use crate::claim::Claim;
use crate::cluster::Allowlists;
use crate::conflicts::Conflicts;
use crate::contents::shortened;
use crate::enforce::{Cover, Coverage};
use crate::location::Location;
use crate::metrics::Metrics;
use crate::object::synchronizers;
use crate::outcomes::{Written, outcomes};
use crate::plan::{Held, Plan, Step, below, plan, rivals};
use crate::report::Reporter;
use crate::round::{PathProblem, Round};
use crate::seen::Seen;
use crate::source::Source;
use crate::status::{Outcome, Status};

/// How many allowlists of a synchronizer are written at the same time.
const WRITES: usize = 4;

/// The name under which the API server records our changes.
pub const MANAGER: &str = "hallpass-controller";

/// The state of a controller.
pub struct Context {
    /// The live synchronizers.
    pub(crate) synchronizers: Store<DynamicObject>,
    /// The allowlists of the cluster.
    pub(crate) allowlists: Allowlists,
    /// The source of allowlists.
    pub(crate) source: Source,
    /// The paths that synchronizers may name.
    pub(crate) authorized: AuthorizedPaths,
    /// The synchronizers that wait for the name of an allowlist.
    pub(crate) conflicts: Conflicts,
    /// Which allowlists are enforced, if they are.
    pub(crate) coverage: Option<Arc<Coverage>>,
    /// The metrics.
    pub(crate) metrics: Arc<Metrics>,
    api: Api<DynamicObject>,
    reporter: Reporter,
}

/// The result of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    /// The files of the spec that are not in force as published, with the reasons.
    pub problems: Vec<String>,
    /// Whether a failure may pass without a change of the spec or a file.
    pub temporary: bool,
}

impl Context {
    /// Creates a context.
    #[must_use]
    pub fn new(
        client: Client,
        synchronizers: Store<DynamicObject>,
        allowlists: Store<Seen>,
        source: Source,
        authorized: AuthorizedPaths,
        coverage: Option<Arc<Coverage>>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Context {
            synchronizers,
            allowlists: Allowlists::new(client.clone(), allowlists),
            source,
            authorized,
            conflicts: Conflicts::default(),
            coverage,
            metrics,
            api: Api::all_with(client.clone(), &self::synchronizers()),
            reporter: Reporter::new(client),
        }
    }

    /// Installs and uninstalls allowlists as the object's spec asks, and writes its status. Returns `None` if it is not yet known
    /// whether the allowlists are enforced: until then, the status stays as it is.
    ///
    /// # Errors
    /// The status could not be written.
    pub async fn sync(&self, object: &DynamicObject) -> Result<Option<Synced>, kube::Error> {
        let started = Instant::now();
        let before = Status::of(object.data.get("status"));
        let name = object.metadata.name.as_deref().unwrap_or_default();
        let (outcomes, temporary, fault) = match Claim::of(object) {
            Ok(claim) => match self.round(&claim).await {
                Some((outcomes, temporary)) => (outcomes, temporary, None),
                None => return Ok(None),
            },
            Err(fault) => (BTreeMap::new(), false, Some(fault)),
        };
        let generation = object.metadata.generation;
        let status = before.after(generation, &outcomes, fault.as_deref(), Timestamp::now());
        let patch = Patch::Merge(json!({ "status": status }));
        let params = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
        match self.api.patch_status(name, &params, &patch).await {
            Ok(_) => {}
            // Deleted meanwhile.
            Err(kube::Error::Api(status)) if status.code == 404 => {}
            Err(error) => return Err(error),
        }
        self.metrics.synced(name, &status, started.elapsed());
        self.reporter.report(object, &before, &status).await;
        Ok(Some(Synced { problems: status.problems(), temporary }))
    }

    /// Returns the outcome of each file, and whether a failure is temporary; `None` if enforcement is not yet known.
    async fn round(&self, claim: &Claim<'_>) -> Option<(BTreeMap<String, Outcome>, bool)> {
        let (permitted, refused) = self.permitted(claim);
        let mut installed = self.allowlists.own(claim.uid);
        let of_files =
            installed.iter().filter_map(|(name, held)| Some((below(claim, held.file.as_deref()?)?, name)));
        let of_files: BTreeMap<&str, &String> = of_files.collect();
        let in_force = |path: &str, sha256: &str| {
            let name = *of_files.get(path)?;
            self.allowlists.is_in_force(name, sha256).then(|| name.clone())
        };
        let mut round = self.source.read(claim.bucket, &permitted, &in_force).await;
        self.metrics.source_errors(&round);
        round.paths.extend(refused);
        for contents in round.files.values().filter_map(|read| read.as_ref().ok()) {
            installed
                .extend(self.allowlists.holder(&contents.name).map(|held| (contents.name.clone(), held)));
        }
        let mut live = self.live();
        live.retain(|object| claim.is_younger_than(object));
        let mut others = rivals(claim, live.iter().filter_map(|object| Claim::of(object).ok()), &round);
        // A synchronizer does not block others from paths that it may not install.
        for other in &mut others {
            other.paths.retain(|path| self.authorized.permits(other.bucket, path));
        }
        let plan = plan(claim, &others, &round, &installed);
        self.conflicts.record(claim.name, lost(&plan, &round));
        self.carry_out(claim, &others, &round, &installed, plan).await
    }

    /// Waits until the cluster has been read. Only one task may wait: a store wakes only the one that asked last.
    pub async fn ready(&self) {
        // Fails only if the watch has ended, and then so has the controller.
        let _ = self.synchronizers.wait_until_ready().await;
        self.allowlists.ready().await;
    }

    /// Returns the names of all synchronizers.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        self.synchronizers.state().iter().filter_map(|object| object.metadata.name.clone()).collect()
    }

    /// Returns the synchronizers that are not being deleted.
    #[must_use]
    pub fn live(&self) -> Vec<Arc<DynamicObject>> {
        let mut live = self.synchronizers.state();
        live.retain(|object| object.meta().deletion_timestamp.is_none());
        live
    }

    /// Divides the paths of a spec into those that may be read, and the others.
    fn permitted<'o>(&self, claim: &Claim<'o>) -> (Vec<&'o str>, Vec<(String, PathProblem)>) {
        let (mut permitted, mut refused) = (Vec::new(), Vec::new());
        for path in &claim.paths {
            if !is_allowlist_path(path) {
                refused.push(((*path).to_owned(), PathProblem::Refused(MALFORMED.to_owned())));
            } else if self.authorized.permits(claim.bucket, path) {
                permitted.push(*path);
            } else {
                let message = self.authorized.refusal(claim.bucket, &[path]);
                refused.push(((*path).to_owned(), PathProblem::Refused(message)));
            }
        }
        (permitted, refused)
    }

    async fn carry_out(
        &self,
        claim: &Claim<'_>,
        others: &[Claim<'_>],
        round: &Round,
        installed: &BTreeMap<String, Held>,
        plan: Plan<'_>,
    ) -> Option<(BTreeMap<String, Outcome>, bool)> {
        let Plan { files, removals } = plan;
        let writes =
            files.into_iter().map(|(path, step)| self.write(claim, others, round, path, step).boxed());
        // Collected, because the compiler cannot prove that a lazy stream is `Send`.
        let writes: Vec<_> = writes.collect();
        let mut written: BTreeMap<&str, Written> =
            futures::stream::iter(writes).buffer_unordered(WRITES).collect().await;
        let mut gone = BTreeSet::new();
        let mut temporary = false;
        for removal in &removals {
            if removal.after.is_some_and(|file| !written.get(file).is_some_and(Result::is_ok)) {
                continue;
            }
            match self.allowlists.uninstall(removal.name, claim.uid).await {
                Ok(()) => {
                    self.metrics.uninstalled();
                    gone.insert(removal.name);
                }
                Err(message) => {
                    tracing::warn!(
                        allowlist = removal.name,
                        message,
                        "an allowlist could not be uninstalled"
                    );
                    temporary = true;
                }
            }
        }
        let changed = written.values().filter(|result| result.as_ref().is_ok_and(|found| found.changed));
        self.metrics.installed(changed.count());
        let is_own = |held: &Held| held.owner.as_deref() == Some(claim.uid);
        let kept = installed.iter().filter(|(name, held)| is_own(held) && !gone.contains(name.as_str()));
        let mut in_force = kept.filter_map(|(_, held)| below(claim, held.file.as_deref()?)).collect();
        self.enforced(round, &mut written, &mut in_force)?;
        let (outcomes, may_pass) = outcomes(round, written, &in_force);
        Some((outcomes, temporary || may_pass))
    }

    /// Makes the files whose allowlists are not enforced failures. Returns `None` if that is not yet known for one of them.
    fn enforced<'r>(
        &self,
        round: &Round,
        written: &mut BTreeMap<&'r str, Written>,
        in_force: &mut BTreeSet<&'r str>,
    ) -> Option<()> {
        let Some(coverage) = &self.coverage else { return Some(()) };
        for (path, result) in written {
            let (Some(Ok(contents)), Ok(found)) = (round.files.get(*path), &result) else { continue };
            match coverage.of(&contents.name, &found.revision) {
                Cover::Pending => return None,
                Cover::Enforced => {}
                Cover::Not(gap) => {
                    if gap.older {
                        in_force.insert(*path);
                    } else {
                        in_force.remove(*path);
                    }
                    // Not temporary: a change of enforcement starts a round.
                    let reason = shortened(&gap.message);
                    *result = Err((format!("it is installed, but not enforced: {reason}"), false));
                }
            }
        }
        Some(())
    }

    /// Carries out the step of one file.
    async fn write<'r>(
        &self,
        claim: &Claim<'_>,
        others: &[Claim<'_>],
        round: &Round,
        path: &'r str,
        step: Step<'r>,
    ) -> (&'r str, Written) {
        // Not the allowlist of an older live synchronizer, and not one that no synchronizer installed.
        let may_replace = |held: &Held| match &held.owner {
            None => false,
            Some(owner) => !others.iter().any(|other| other.uid == owner && other.is_older_than(claim)),
        };
        let written = match step {
            Step::Install(contents) => {
                let file = Location::new(claim.bucket, path);
                let installed = self.allowlists.install(claim, &file, contents, may_replace).await;
                installed.map_err(|message| (message, true))
            }
            Step::Refuse(message) => {
                let read = round.files.get(path);
                let temporary =
                    read.is_some_and(|read| read.as_ref().is_err_and(|unusable| unusable.temporary));
                Err((message, temporary))
            }
        };
        (path, written)
    }

    /// Uninstalls the allowlists whose synchronizers no longer exist. Kubernetes' garbage collector does so too, but not
    /// after `kubectl delete --cascade=orphan`.
    ///
    /// # Errors
    /// The first error of the API server.
    pub async fn sweep(&self) -> Result<(), String> {
        let live: BTreeSet<String> =
            self.live().iter().filter_map(|object| object.metadata.uid.clone()).collect();
        self.allowlists.forget_dead(|uid| live.contains(uid));
        let mut dead: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (allowlist, owner) in self.allowlists.held() {
            if !live.contains(&owner) {
                dead.entry(owner).or_default().push(allowlist);
            }
        }
        if dead.is_empty() {
            return Ok(());
        }
        // The cache may be behind, so ask the API server.
        let listed = self.api.list_metadata(&Default::default()).await.map_err(crate::cluster::shown)?;
        // A finalizer of another program may delay a deletion forever.
        let live = listed.into_iter().filter(|object| object.metadata.deletion_timestamp.is_none());
        let live: BTreeSet<String> = live.filter_map(|object| object.metadata.uid).collect();
        for (owner, allowlists) in dead {
            if live.contains(&owner) {
                continue;
            }
            for allowlist in allowlists {
                self.allowlists.uninstall(&allowlist, &owner).await?;
                self.metrics.uninstalled();
            }
        }
        Ok(())
    }
}

/// Returns the names that a synchronizer did not get.
fn lost<'r>(plan: &Plan<'r>, round: &'r Round) -> BTreeSet<&'r str> {
    let refused = plan.files.iter().filter(|(_, step)| matches!(step, Step::Refuse(_)));
    refused.filter_map(|(path, _)| Some(round.files.get(*path)?.as_ref().ok()?.name.as_str())).collect()
}
