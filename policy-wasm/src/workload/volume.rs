//! The volumes of a Pod spec, and the one among them that the API server injects (rule W5).

use std::collections::BTreeSet;

use super::container::nameless;
use super::shape::{HOST_PATH, Shape};
use super::{CONFIG_MAP_MODE, Container, Volume, VolumeSource};
use crate::fault::{Fault, Faults};
use crate::pointer::At;
use crate::value::Value;

/// Every volume type of Kubernetes (API reference of Kubernetes 1.35), those removed since included.
const TYPES: Shape = Shape {
    read: &[
        "name",
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "gcePersistentDisk",
        "hostPath",
        "nfs",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ],
    other: &[
        "awsElasticBlockStore",
        "azureDisk",
        "azureFile",
        "cephfs",
        "cinder",
        "ephemeral",
        "fc",
        "flexVolume",
        "flocker",
        "gitRepo",
        "glusterfs",
        "image",
        "iscsi",
        "photonPersistentDisk",
        "portworxVolume",
        "quobyte",
        "rbd",
        "scaleIO",
        "storageos",
        "vsphereVolume",
    ],
};

/// Where the API server mounts the service account's token.
const TOKEN_MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

#[derive(Default)]
pub(super) struct Volumes<'v> {
    pub(super) volumes: Vec<Volume<'v>>,
    /// Names of those that look like the injected one.
    token_volumes: Vec<&'v str>,
}

impl<'v> Volumes<'v> {
    /// Takes out the volumes that the API server injects, with their mounts.
    pub(super) fn drop_injected(&mut self, claims: &[Volume<'v>], containers: &mut [Container<'v>]) {
        if self.token_volumes.is_empty() {
            return;
        }
        // A claim takes the place of a volume of its name: what mounts that mounts the claim.
        let mut used = BTreeSet::new();
        used.extend(claims.iter().map(|claim| claim.name));
        for mount in containers.iter().flat_map(|container| &container.mounts) {
            if !(mount.read_only && mount.mount_path == TOKEN_MOUNT_PATH && mount.sub_path.is_empty()) {
                used.insert(mount.name);
            }
        }
        let mut injected = BTreeSet::new();
        injected.extend(self.token_volumes.iter().copied().filter(|name| !used.contains(name)));
        self.volumes.retain(|volume| !injected.contains(volume.name));
        for container in containers {
            container.mounts.retain(|mount| !injected.contains(mount.name));
        }
    }
}

pub(super) fn read_volumes<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Faults) -> Volumes<'v> {
    let items = faults.list(value, at);
    let mut found = Volumes { volumes: Vec::with_capacity(items.len()), token_volumes: Vec::new() };
    for (index, item) in items.iter().enumerate() {
        let at = at.index(index);
        let mut volume = Volume {
            index,
            name: "",
            volume_type: "emptyDir",
            source: VolumeSource::Other,
            of_claim_template: false,
        };
        let mut projected = None;
        let mut types: Vec<&str> = Vec::new();
        let mut unknown = None;
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            if key == "name" {
                volume.name = faults.string(value, &at).unwrap_or_default();
                continue;
            }
            if value.is_null() {
                continue;
            }
            if !TYPES.knows(key) {
                TYPES.unread(key, &at, faults);
                unknown = Some(key);
                continue;
            }
            types.push(key);
            volume.volume_type = key;
            volume.source = read_source(key, value, &at, faults);
            if key == "projected" {
                projected = Some(value);
            }
        }
        match (types.as_slice(), unknown) {
            // Perhaps a type newer than this list: better refused than taken for the default.
            ([], Some(unknown)) => volume.volume_type = unknown,
            ([_, _, ..], _) => {
                let listed = types.join("`, `");
                faults.error(
                    Fault::new(
                        at.pointer(),
                        format!("volume `{}` has several types: `{listed}`", volume.name),
                    )
                    .help("the API server accepts one type a volume: keep one"),
                );
            }
            _ => {}
        }
        if volume.name.is_empty() {
            nameless("volume", &at, faults);
        }
        if volume.name.starts_with("kube-api-access-") && projected.is_some_and(is_token) {
            found.token_volumes.push(volume.name);
        }
        found.volumes.push(volume);
    }
    found
}

fn read_source<'v>(key: &str, value: &'v Value<'v>, at: &At<'_>, faults: &mut Faults) -> VolumeSource<'v> {
    let mut path = "";
    let mut fs_type = "";
    let mut read_only = false;
    let mut partition = 0;
    let mut default_mode = CONFIG_MAP_MODE;
    let entries = faults.map(value, at);
    for (field, value) in entries {
        let at = at.key(field);
        match (key, &**field) {
            ("hostPath" | "nfs", "path") => path = faults.string(value, &at).unwrap_or_default(),
            ("gcePersistentDisk", "fsType") => fs_type = faults.string(value, &at).unwrap_or_default(),
            ("gcePersistentDisk", "partition") => {
                partition = faults.int32(value, &at).unwrap_or_default();
            }
            ("nfs" | "gcePersistentDisk" | "persistentVolumeClaim", "readOnly") => {
                read_only = faults.boolean(value, &at) == Some(true);
            }
            ("configMap", "defaultMode") => {
                default_mode = faults.int32(value, &at).unwrap_or(CONFIG_MAP_MODE);
            }
            ("hostPath", field) => HOST_PATH.unread(field, &at, faults),
            _ => {}
        }
    }
    match key {
        "hostPath" => VolumeSource::HostPath(path),
        "nfs" => VolumeSource::Nfs { path, read_only },
        "gcePersistentDisk" => VolumeSource::GcePersistentDisk { fs_type, partition, read_only },
        "persistentVolumeClaim" => VolumeSource::Claim { read_only },
        "configMap" => VolumeSource::ConfigMap { default_mode },
        _ => VolumeSource::Other,
    }
}

/// A projected source with nothing but what the API server itself puts there.
fn is_token(projected: &Value<'_>) -> bool {
    let Some(Value::List(sources)) = projected.get("sources") else { return false };
    !sources.is_empty() && sources.iter().all(is_token_source)
}

fn is_token_source(source: &Value<'_>) -> bool {
    let Value::Map(entries) = source else { return false };
    !entries.is_empty()
        && entries.iter().all(|(key, value)| match &**key {
            // Another audience's token is not the one that the API server injects.
            "serviceAccountToken" => matches!(value, Value::Map(_)) && value.get("audience").is_none(),
            "configMap" => value.get("name").and_then(Value::as_str) == Some("kube-root-ca.crt"),
            "downwardAPI" => is_namespace(value),
            _ => false,
        })
}

fn is_namespace(downward_api: &Value<'_>) -> bool {
    let Some(Value::List(items)) = downward_api.get("items") else { return false };
    !items.is_empty()
        && items.iter().all(|item| {
            let field = item.get("fieldRef").and_then(|field| field.get("fieldPath"));
            field.and_then(Value::as_str) == Some("metadata.namespace")
                && item.get("resourceFieldRef").is_none()
        })
}
