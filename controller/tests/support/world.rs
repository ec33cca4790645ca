//! A cluster, the folder of its allowlists, and the controllers that work on it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Parser;
use hallpass_controller::enforce::Kind;
use hallpass_controller::metrics::Metrics;
use hallpass_controller::object::{allowlists, synchronizers};
use hallpass_controller::run::run;
use hallpass_controller::settings::Settings;
use hallpass_document::Value;
use hallpass_policy::manifests;
use hallpass_renderer::status::{Cluster, State, Synchronizer, judge};
use k8s_openapi::jiff::Timestamp;
use kube::api::{Api, ApiResource, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams};
use kube::{Client, ResourceExt as _};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tower::Layer as _;

use super::memory::Server;
use super::network::Network;

/// How soon the controller reacts to a change in the cluster.
pub(crate) const SOON: Duration = Duration::from_secs(5);

/// No test lasts so long: only changes in the cluster start rounds.
pub(crate) const NEVER: Duration = Duration::from_secs(600);

/// A short interval.
pub(crate) const OFTEN: Duration = Duration::from_secs(2);

/// What a scenario works with.
pub(crate) struct World {
    /// The client of everybody else: it never fails.
    pub(crate) client: Client,
    /// The client of the controllers.
    pub(crate) disturbed: Client,
    pub(crate) network: Network,
    /// The API server in memory, if it is that one.
    pub(crate) memory: Option<Server>,
    folder: TempDir,
}

/// A controller that runs.
pub(crate) struct Running {
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), String>>,
    pub(crate) metrics: Arc<Metrics>,
    is_ready: Arc<AtomicBool>,
}

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

/// Settings, from the arguments of a command line.
pub(crate) fn settings(arguments: &[&str]) -> Settings {
    Arguments::parse_from([&["test"], arguments].concat()).settings
}

impl World {
    pub(crate) fn in_memory() -> Self {
        let server = Server::default();
        let network = Network::default();
        let disturbed = Client::new(network.layer(server.clone()), "default");
        let client = Client::new(server.clone(), "default");
        World { client, disturbed, network, memory: Some(server), folder: TempDir::new().unwrap() }
    }

    /// On a real API server, emptied of what other scenarios left.
    pub(crate) async fn on(server: &hallpass_apiserver::Server) -> Self {
        let mut config = kube::Config::new(server.url().parse().unwrap());
        config.accept_invalid_certs = true;
        config.auth_info.token = Some(server.token().to_owned().into());
        let network = Network::default();
        let client = Client::try_from(config.clone()).unwrap();
        let disturbed = kube::client::ClientBuilder::try_from(config).unwrap().with_layer(&network).build();
        let world = World { client, disturbed, network, memory: None, folder: TempDir::new().unwrap() };
        for kind in [synchronizers(), allowlists(), Kind::Policy.resource(), Kind::Binding.resource()] {
            let api = world.api(&kind);
            api.delete_collection(&DeleteParams::default(), &ListParams::default()).await.unwrap();
        }
        world
    }

    pub(crate) fn api(&self, kind: &ApiResource) -> Api<DynamicObject> {
        Api::all_with(self.client.clone(), kind)
    }

    // The folder.

    pub(crate) fn url(&self) -> String {
        format!("file://{}", self.folder.path().display())
    }

    /// Writes a file, as users should: by renaming.
    pub(crate) fn publish(&self, path: &str, text: &str) {
        let file = self.folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let new = self.folder.path().join(".new");
        std::fs::write(&new, text).unwrap();
        std::fs::rename(new, file).unwrap();
    }

    pub(crate) fn unpublish(&self, path: &str) {
        std::fs::remove_file(self.folder.path().join(path)).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.folder.path().join(from), self.folder.path().join(to)).unwrap();
    }

    // The controllers.

    /// Starts a controller whose rounds are this far apart.
    pub(crate) fn start(&self, interval: Duration) -> Running {
        self.start_with(interval, &["--repository", &self.url()])
    }

    pub(crate) fn start_with(&self, interval: Duration, arguments: &[&str]) -> Running {
        let settings = settings(arguments);
        let client = self.disturbed.clone();
        let metrics = Arc::new(Metrics::default());
        let is_ready = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = oneshot::channel::<()>();
        let (of_task, ready) = (metrics.clone(), is_ready.clone());
        let task = tokio::spawn(async move {
            let end = async {
                let _ = stopped.await;
            };
            run(client, &settings, interval, of_task, ready, end).await
        });
        Running { stop: Some(stop), task, metrics, is_ready }
    }

    // The cluster.

    /// Creates a synchronizer of these paths, or changes its paths.
    pub(crate) async fn apply(&self, name: &str, paths: &[&str]) {
        self.apply_spec(name, &json!({"allowlistPaths": paths})).await;
    }

    pub(crate) async fn apply_spec(&self, name: &str, spec: &Json) {
        let api = self.api(&synchronizers());
        let patch = Patch::Merge(json!({"spec": spec}));
        match api.patch(name, &PatchParams::default(), &patch).await {
            Ok(_) => {}
            Err(kube::Error::Api(status)) if status.code == 404 => {
                let mut object = DynamicObject::new(name, &synchronizers());
                object.data = json!({"spec": spec});
                api.create(&PostParams::default(), &object).await.unwrap();
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn delete(&self, kind: &ApiResource, name: &str) {
        self.api(kind).delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// Changes an allowlist, as somebody else would.
    pub(crate) async fn edit(&self, name: &str, patch: Json) {
        let api = self.api(&allowlists());
        api.patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    pub(crate) async fn synchronizer(&self, name: &str) -> DynamicObject {
        self.api(&synchronizers()).get(name).await.unwrap()
    }

    pub(crate) async fn allowlist(&self, name: &str) -> Option<DynamicObject> {
        self.api(&allowlists()).get_opt(name).await.unwrap()
    }

    /// The image that an allowlist admits.
    pub(crate) async fn image(&self, name: &str) -> Option<String> {
        let object = self.allowlist(name).await?;
        object.data["matchingCriteria"]["containers"][0]["image"].as_str().map(str::to_owned)
    }

    /// All objects of a kind, with their resource versions.
    pub(crate) async fn versions(&self, kind: &ApiResource) -> BTreeMap<String, String> {
        let listed = self.api(kind).list(&ListParams::default()).await.unwrap();
        let version = |object: DynamicObject| (object.name_any(), object.resource_version().unwrap());
        listed.into_iter().map(version).collect()
    }

    pub(crate) async fn installed(&self) -> BTreeSet<String> {
        self.versions(&allowlists()).await.into_keys().collect()
    }

    // What is expected.

    /// Waits until something is so.
    pub(crate) async fn until(&self, what: &str, within: Duration, done: impl AsyncFn() -> bool) {
        let end = Instant::now() + within;
        while !done().await {
            if Instant::now() > end {
                let listed = self.api(&synchronizers()).list(&ListParams::default()).await.unwrap();
                let statuses: Vec<_> =
                    listed.iter().map(|object| (object.name_any(), &object.data["status"])).collect();
                let installed = self.installed().await;
                let calls = self.network.take_calls();
                let last = &calls[calls.len().saturating_sub(40)..];
                panic!("not within {within:?}: {what}; {installed:?}; {}; {last:?}", json!(statuses));
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until exactly these allowlists are in force.
    pub(crate) async fn until_installed(&self, names: &[&str], within: Duration) {
        let wanted: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        self.until(&format!("{names:?} are in force"), within, async || self.installed().await == wanted)
            .await;
    }

    /// Waits until a synchronizer is ready, as strictly as `hallpass status` judges it.
    pub(crate) async fn until_ready(&self, name: &str, within: Duration) {
        let what = format!("`{name}` is ready");
        self.until(&what, within, async || self.judged(name).await.0 == State::Ready).await;
    }

    /// Waits until the condition says so, of the current spec. Unlike [`World::until_ready`], it does not expect that an
    /// allowlist has the name of its file.
    pub(crate) async fn until_synced(&self, name: &str, within: Duration) {
        let what = format!("`{name}` is synced");
        self.until(&what, within, async || {
            let object = self.synchronizer(name).await;
            let condition = &object.data["status"]["conditions"][0];
            condition["status"] == "True"
                && condition["observedGeneration"] == json!(object.metadata.generation)
        })
        .await;
    }

    /// Waits until the status says this of a file, and returns the state of the synchronizer.
    pub(crate) async fn until_file(&self, name: &str, path: &str, phase: &str, error: &str) -> State {
        let what = format!("`{path}` of `{name}` is {phase}: {error}");
        self.until(&what, SOON, async || {
            let file = self.file(name, path).await;
            file["phase"] == phase && file["lastError"].as_str().unwrap_or_default().contains(error)
        })
        .await;
        self.judged(name).await.0
    }

    /// The entry of a file in a status.
    pub(crate) async fn file(&self, name: &str, path: &str) -> Json {
        let object = self.synchronizer(name).await;
        let files = object.data["status"]["managedAllowlistStatus"].as_array().cloned().unwrap_or_default();
        files.into_iter().find(|file| file["filePath"] == path).unwrap_or_default()
    }

    /// What `hallpass status` says of a synchronizer.
    pub(crate) async fn judged(&self, name: &str) -> (State, Vec<String>) {
        let object = self.synchronizer(name).await;
        let json = serde_json::to_vec(&object).unwrap();
        let value = Value::from_json(&json).unwrap();
        let (found, _) = manifests(&value);
        let synchronizer = match Synchronizer::read(&found[0]) {
            Ok(synchronizer) => synchronizer,
            Err(faults) => return (State::Failed, faults.into_iter().map(|fault| fault.message).collect()),
        };
        let installed = self.installed().await;
        let installed: BTreeSet<&str> = installed.iter().map(String::as_str).collect();
        let cluster = Cluster { now: Timestamp::now(), allowlists: Some(&installed) };
        let judgement = judge(&synchronizer, None, &cluster);
        (judgement.state, judgement.findings.into_iter().map(|finding| finding.message).collect())
    }
}

impl Running {
    pub(crate) fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::Relaxed)
    }

    /// Asks it to stop, and waits.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        (&mut self.task).await.unwrap().unwrap();
    }

    /// Kills it.
    pub(crate) async fn kill(mut self) {
        self.task.abort();
        assert!((&mut self.task).await.unwrap_err().is_cancelled());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A valid allowlist.
pub(crate) fn allowlist(name: &str, image: &str) -> String {
    format!(
        "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata:\n  name: {name}\n  labels: {{tier: node}}\n\
         exemptions: [autogke-disallow-privilege]\nmatchingCriteria:\n  containers:\n  - name: agent\n    image: {image}\n"
    )
}
