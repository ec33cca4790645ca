//! W5: the volume that the API server injects for the service account is left out, and the others are read.

use std::collections::BTreeSet;

use super::container::nameless;
use super::refused::{check_modes, check_name};
use super::shape::{HOST_PATH, Shape};
use super::{CONFIG_MAP_MODE, Container, Volume, VolumeSource};
use hallpass_document::{At, Diagnostic, Diagnostics, Value};

/// All volume types of Kubernetes (API reference of Kubernetes 1.35), including removed ones.
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

/// The path at which the API server mounts the service account's token.
pub const TOKEN_MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

#[derive(Default)]
pub(super) struct Volumes<'v> {
    pub(super) volumes: Vec<Volume<'v>>,
    /// The names of volumes that look like the injected one.
    token_volumes: Vec<&'v str>,
}

impl<'v> Volumes<'v> {
    /// Removes the volumes that the API server injects, with their mounts.
    pub(super) fn drop_injected(&mut self, claims: &[Volume<'v>], containers: &mut [Container<'v>]) {
        if self.token_volumes.is_empty() {
            return;
        }
        // A claim replaces a volume with the same name, so a mount of that name mounts the claim.
        let mut used = BTreeSet::new();
        used.extend(claims.iter().map(|claim| claim.name));
        for mount in containers.iter().flat_map(|container| &container.mounts) {
            let is_injected = mount.read_only
                && mount.mount_path == TOKEN_MOUNT_PATH
                && mount.sub_path.is_empty()
                && !mount.has_sub_path_expr;
            if !is_injected {
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

pub(super) fn read_volumes<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Volumes<'v> {
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
        let mut is_token = false;
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
            match &**key {
                "projected" => {
                    is_token = read_projected(value, &at, faults);
                    check_modes(value, &at, faults);
                }
                "configMap" | "secret" | "downwardAPI" => check_modes(value, &at, faults),
                _ => {}
            }
        }
        match (types.as_slice(), unknown) {
            // It may be a type newer than this list, so it is refused instead of treated as the default.
            ([], Some(unknown)) => volume.volume_type = unknown,
            ([_, _, ..], _) => {
                let listed = types.join("`, `");
                faults.error(
                    Diagnostic::new(
                        at.pointer(),
                        format!("volume `{}` has several types: `{listed}`", volume.name),
                    )
                    .help("the API server accepts one type per volume: keep one"),
                );
            }
            _ => {}
        }
        if volume.name.is_empty() {
            nameless("volume", &at, faults);
        }
        check_name("volume", volume.name, &at, faults);
        if is_token && volume.name.starts_with("kube-api-access-") {
            found.token_volumes.push(volume.name);
        }
        found.volumes.push(volume);
    }
    found
}

fn read_source<'v>(
    key: &str,
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> VolumeSource<'v> {
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

/// Whether a projected volume contains only what the API server itself adds.
fn read_projected(projected: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> bool {
    let mut is_token = false;
    for (key, value) in faults.map(projected, at) {
        if key != "sources" {
            continue;
        }
        let at = at.key(key);
        let sources = faults.list(value, &at);
        is_token = !sources.is_empty();
        for (index, source) in sources.iter().enumerate() {
            is_token &= read_token_source(source, &at.index(index), faults);
        }
    }
    is_token
}

fn read_token_source(source: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> bool {
    let entries = faults.map_item(source, at);
    let mut is_token = !entries.is_empty();
    for (key, value) in entries {
        let at = at.key(key);
        is_token &= match &**key {
            // The API server injects no token for another audience.
            "serviceAccountToken" => !value.is_null() && read_text(value, "audience", &at, faults).is_none(),
            "configMap" => read_text(value, "name", &at, faults) == Some("kube-root-ca.crt"),
            "downwardAPI" => read_namespace(value, &at, faults),
            _ => false,
        };
    }
    is_token
}

/// Returns the only string in a map that rule W5 reads.
fn read_text<'v>(
    value: &'v Value<'_>,
    field: &str,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Option<&'v str> {
    let mut text = None;
    for (key, value) in faults.map(value, at) {
        if key == field {
            text = faults.string(value, &at.key(key));
        }
    }
    text
}

/// Whether the downward API provides only the namespace.
fn read_namespace(downward_api: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> bool {
    let mut is_namespace = false;
    for (key, value) in faults.map(downward_api, at) {
        if key != "items" {
            continue;
        }
        let at = at.key(key);
        let items = faults.list(value, &at);
        is_namespace = !items.is_empty();
        for (index, item) in items.iter().enumerate() {
            let at = at.index(index);
            let mut path = None;
            for (key, value) in faults.map_item(item, &at) {
                match &**key {
                    "fieldRef" => path = read_text(value, "fieldPath", &at.key(key), faults),
                    "resourceFieldRef" => is_namespace &= value.is_null(),
                    _ => {}
                }
            }
            is_namespace &= path == Some("metadata.namespace");
        }
    }
    is_namespace
}
