//! The manifests of hallpass-controller, which installs allowlists outside GKE.

mod access;
mod crds;
mod deployment;
mod enforcement;
mod files;
mod network;

use std::collections::BTreeMap;

use hallpass_policy::synchronizer::AuthorizedPaths;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::admission;
use crate::object::{Object, set};

pub use enforcement::{By, Enforcement};
pub(crate) use files::{FOLDER, files};

/// The name of the controller's objects.
const NAME: &str = "hallpass-controller";

/// The port of health checks and metrics.
const PORT: u16 = 8080;

/// The settings of hallpass-controller on a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Controller {
    /// The image, with a tag or digest.
    pub image: String,
    /// The URL of the repository with allowlists: `gs://`, `s3://` or `https://`.
    pub repository: String,
    /// The URLs of the buckets that synchronizers may name, by `bucketName`.
    #[serde(default)]
    pub buckets: BTreeMap<String, String>,
    /// The paths that synchronizers may name.
    #[serde(default)]
    pub authorized_paths: AuthorizedPaths,
    /// The version of GKE with which `minGKEVersion` of allowlists is compared.
    pub gke_version: Option<String>,
    /// How often the repository is read.
    #[serde(default = "ten_minutes")]
    pub interval: String,
    /// The namespace of the controller.
    #[serde(default = "hallpass_system")]
    pub namespace: String,
    /// The number of Pods, one of which is active.
    #[serde(default = "two")]
    pub replicas: u32,
    /// Annotations of the service account, such as those of a cloud's workload identity.
    #[serde(default)]
    pub service_account_annotations: BTreeMap<String, String>,
    /// A Secret in the namespace whose keys become environment variables, such as credentials of the repository.
    pub env_from_secret: Option<String>,
    /// How allowlists are enforced; if absent, they are only installed.
    pub enforce: Option<Enforcement>,
}

fn ten_minutes() -> String {
    "10m".to_owned()
}

fn hallpass_system() -> String {
    "hallpass-system".to_owned()
}

fn two() -> u32 {
    2
}

impl Controller {
    /// Returns the user name of the controller's service account.
    #[must_use]
    pub fn user(&self) -> String {
        format!("system:serviceaccount:{}:{NAME}", self.namespace)
    }

    /// The URLs from which it reads allowlists.
    fn sources(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.repository).chain(self.buckets.values()).map(String::as_str)
    }

    /// The metadata of an object in the namespace.
    fn metadata(&self) -> Value {
        json!({ "name": NAME, "namespace": self.namespace, "labels": labels() })
    }
}

/// Returns everything that the controller needs on a cluster that is not a GKE cluster, in the order in which to apply
/// it: both CRDs first.
#[must_use]
pub fn manifests(controller: &Controller) -> Vec<Object> {
    [crds::crds(), program(controller), policies(controller)].concat()
}

/// The controller itself.
fn program(controller: &Controller) -> Vec<Object> {
    let mut objects = vec![namespace(controller)];
    objects.extend(access::objects(controller));
    objects.push(network::policy(controller));
    objects.push(deployment::deployment(controller));
    objects.extend(deployment::disruption_budget(controller));
    objects
}

/// Returns the admission policies: what synchronizers may name, and who may write allowlists.
fn policies(controller: &Controller) -> Vec<Object> {
    let mut objects =
        [admission::authorized(&controller.authorized_paths), admission::protect(&controller.user())]
            .concat();
    let all = objects.iter_mut().filter_map(|object| object.get_mut("metadata"));
    all.for_each(|metadata| set(metadata, "labels", Some(labels())));
    objects
}

fn namespace(controller: &Controller) -> Object {
    let mut labels = labels();
    set(&mut labels, "pod-security.kubernetes.io/enforce", Some("restricted"));
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": { "name": controller.namespace, "labels": labels },
    })
}

fn labels() -> Value {
    json!({ "app.kubernetes.io/name": NAME, "app.kubernetes.io/part-of": "hallpass" })
}

/// The labels that select the controller's Pods. They never change, because a Deployment's selector cannot.
fn selector() -> Value {
    json!({ "matchLabels": { "app.kubernetes.io/name": NAME } })
}
