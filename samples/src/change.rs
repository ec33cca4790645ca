//! Changes to a workload or an allowlist whose effects a property describes.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value as Json, json};

const LISTS: [&str; 2] = ["containers", "initContainers"];

/// The lists of a container from which any item may be removed without causing a denial.
const REMOVABLE: [&str; 5] =
    ["/env", "/envFrom", "/args", "/volumeMounts", "/securityContext/capabilities/add"];

/// Returns JSON pointers to all items that can be removed from a workload; at least one container stays.
pub fn entries(workload: &Json) -> Vec<String> {
    let mut found = items(workload, "/spec/volumes");
    for list in LISTS {
        let containers = items(workload, &format!("/spec/{list}"));
        if list != "containers" || containers.len() > 1 {
            found.extend(containers.iter().cloned());
        }
        for container in containers {
            found.extend(REMOVABLE.iter().flat_map(|below| items(workload, &format!("{container}{below}"))));
        }
    }
    found
}

fn items(json: &Json, list: &str) -> Vec<String> {
    let count = json.pointer(list).and_then(Json::as_array).map_or(0, Vec::len);
    (0..count).map(|index| format!("{list}/{index}")).collect()
}

/// Removes an item from its list. A volume is removed with its mounts, because Kubernetes rejects mounts without a
/// volume.
pub fn remove(json: &mut Json, pointer: &str) {
    let (list, index) = pointer.rsplit_once('/').unwrap();
    let removed = json.pointer_mut(list).and_then(Json::as_array_mut).unwrap().remove(index.parse().unwrap());
    if list != "/spec/volumes" {
        return;
    }
    for container in LISTS.iter().flat_map(|list| items(json, &format!("/spec/{list}"))).collect::<Vec<_>>() {
        let mounts = json.pointer_mut(&format!("{container}/volumeMounts")).and_then(Json::as_array_mut);
        mounts.unwrap().retain(|mount| mount["name"] != removed["name"]);
    }
}

/// Replaces a node, or the root, with `odd`.
pub fn replace(json: &mut Json, place: Index, odd: Json) {
    let mut pointers = vec![String::new()];
    walk(json, "", &mut pointers);
    let pointer = &pointers[place.index(pointers.len())];
    *json.pointer_mut(pointer).unwrap() = odd;
}

fn walk(json: &Json, at: &str, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Json)> = match json {
        Json::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
        }
        Json::Object(fields) => {
            fields.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        _ => Vec::new(),
    };
    for (step, child) in children {
        let pointer = format!("{at}/{step}");
        walk(child, &pointer, pointers);
        pointers.push(pointer);
    }
}

/// An item that no generated allowlist contains.
#[derive(Clone, Copy, Debug)]
pub enum Unlisted {
    /// An environment variable.
    Env,
    /// An argument.
    Arg,
    /// An added capability.
    Capability,
    /// A mounted host path.
    HostPath,
    /// Another host path with a listed volume's name.
    OtherHostPath,
    /// A command.
    Command,
    /// A host namespace.
    HostNamespace,
    /// A container.
    Container,
    /// A mount.
    Mount,
    /// A probe that runs a command.
    Probe,
    /// A digest of an image.
    Digest,
}

/// Returns any of these.
pub fn add_to_workload() -> impl Strategy<Value = Unlisted> {
    select(vec![
        Unlisted::Env,
        Unlisted::Arg,
        Unlisted::Capability,
        Unlisted::HostPath,
        Unlisted::OtherHostPath,
        Unlisted::Command,
        Unlisted::HostNamespace,
        Unlisted::Container,
        Unlisted::Mount,
        Unlisted::Probe,
        Unlisted::Digest,
    ])
}

impl Unlisted {
    /// Adds the item to the container that `which` selects.
    pub fn apply(self, workload: &mut Json, which: Index) {
        let containers: Vec<String> =
            LISTS.iter().flat_map(|list| items(workload, &format!("/spec/{list}"))).collect();
        let container = which.get(&containers).clone();
        let mut add = |below: &str, item: Json| push(workload, &format!("{container}{below}"), item);
        match self {
            Unlisted::Env => add("/env", json!({"name": "UNLISTED"})),
            Unlisted::Arg => add("/args", json!("--unlisted")),
            Unlisted::Capability => add("/securityContext/capabilities/add", json!("SYS_BOOT")),
            Unlisted::Command => add("/command", json!("unlisted")),
            Unlisted::Mount => {
                add("/volumeMounts", json!({"name": "data", "mountPath": "/unlisted"}));
                let volumes = workload.pointer_mut("/spec/volumes").and_then(Json::as_array_mut).unwrap();
                if !volumes.iter().any(|volume| volume["name"] == "data") {
                    volumes.push(json!({"name": "data", "emptyDir": {}}));
                }
            }
            Unlisted::HostPath => {
                push(workload, "/spec/volumes", json!({"name": "unlisted", "hostPath": {"path": "/"}}));
            }
            Unlisted::OtherHostPath => {
                let volumes = workload.pointer_mut("/spec/volumes").and_then(Json::as_array_mut).unwrap();
                volumes.retain(|volume| volume["name"] != "logs");
                volumes.push(json!({"name": "logs", "hostPath": {"path": "/proc/1"}}));
            }
            Unlisted::HostNamespace => {
                let field = if workload["spec"]["hostNetwork"] == true { "hostIPC" } else { "hostNetwork" };
                workload["spec"][field] = true.into();
            }
            Unlisted::Container => {
                push(
                    workload,
                    "/spec/initContainers",
                    json!({"name": "unlisted", "image": "example.com/unlisted"}),
                );
            }
            Unlisted::Probe => {
                workload.pointer_mut(&container).unwrap()["startupProbe"] =
                    json!({"exec": {"command": ["unlisted"]}});
            }
            Unlisted::Digest => {
                let image = &mut workload.pointer_mut(&container).unwrap()["image"];
                let name = image.as_str().unwrap().split('@').next().unwrap();
                *image = format!("{name}@sha256:{}", "6".repeat(64)).into();
            }
        }
    }
}

fn push(json: &mut Json, list: &str, item: Json) {
    json.pointer_mut(list).and_then(Json::as_array_mut).unwrap().push(item);
}

/// An additional entry of an allowlist.
#[derive(Clone, Copy, Debug)]
pub enum Listed {
    /// A container.
    Container,
    /// An init container.
    InitContainer,
    /// An argument.
    Arg,
    /// A pattern for arguments.
    Pattern,
    /// An environment variable.
    Env,
    /// A capability.
    Capability,
    /// A mount.
    Mount,
    /// A mount with a listed name.
    SameMount,
    /// A volume.
    Volume,
    /// A volume with a listed name.
    SameVolume,
    /// Digests of a container's image.
    Digest,
    /// An exemption from a constraint.
    Exemption,
}

/// Returns any of these.
pub fn add_to_allowlist() -> impl Strategy<Value = Listed> {
    select(vec![
        Listed::Container,
        Listed::InitContainer,
        Listed::Arg,
        Listed::Pattern,
        Listed::Env,
        Listed::Capability,
        Listed::Mount,
        Listed::SameMount,
        Listed::Volume,
        Listed::SameVolume,
        Listed::Digest,
        Listed::Exemption,
    ])
}

impl Listed {
    /// Adds the entry at a position that `which` selects.
    pub fn apply(self, allowlist: &mut Json, which: Index) {
        let mut containers = items(allowlist, "/matchingCriteria/containers");
        // Not a container that was added before: it has no lists.
        containers.retain(|container| {
            allowlist.pointer(container).is_some_and(|container| container["name"] != "more")
        });
        let container = which.get(&containers).clone();
        let name = allowlist.pointer(&container).unwrap()["name"].clone();
        let within = |below: &str| format!("{container}{below}");
        let (list, item) = match self {
            Listed::Container => {
                ("/matchingCriteria/containers".to_owned(), json!({"name": "more", "image": "x"}))
            }
            Listed::InitContainer => {
                ("/matchingCriteria/initContainers".to_owned(), json!({"name": "more", "image": "^.*$"}))
            }
            Listed::Arg => (within("/args"), json!("--more")),
            Listed::Pattern => (within("/args"), json!("^--more=[a-z]{1,9}$")),
            Listed::Env => (within("/env"), json!({"name": "MORE"})),
            Listed::Capability => (within("/securityContext/capabilities/add"), json!("SYS_BOOT")),
            Listed::Mount => (within("/volumeMounts"), json!({"name": "more", "mountPath": "/more"})),
            Listed::SameMount => {
                (within("/volumeMounts"), json!({"name": "data", "mountPath": "/one", "readOnly": true}))
            }
            Listed::Volume => ("/matchingCriteria/volumes".to_owned(), json!({"name": "more"})),
            Listed::SameVolume => (
                "/matchingCriteria/volumes".to_owned(),
                json!({"name": "logs", "hostPath": {"path": "/more"}}),
            ),
            Listed::Digest => (
                "/containerImageDigests".to_owned(),
                json!({"containerName": name, "imageDigests": ["7".repeat(64), "0".repeat(64)]}),
            ),
            Listed::Exemption => ("/exemptions".to_owned(), json!("autogke-no-host-port")),
        };
        let items = allowlist.pointer_mut(&list).and_then(Json::as_array_mut).unwrap();
        items.insert(which.index(items.len() + 1), item);
    }
}

/// Sets the label that selects an allowlist on a Pod.
pub fn label(workload: &mut Json, allowlist: &str) {
    workload["metadata"]["labels"]["cloud.google.com/matching-allowlist"] = allowlist.into();
}

/// Makes a Pod violate another constraint, with an assumption.
pub fn forbid(workload: &mut Json) {
    workload["spec"]["nodeSelector"] = json!({"example.com/pool": "a"});
}

/// Returns the value with every list except commands in another order.
pub fn shuffled(json: &Json, seed: u64) -> Json {
    match json {
        Json::Object(fields) => fields
            .iter()
            .map(|(key, value)| {
                let value = if key == "command" { value.clone() } else { shuffled(value, seed) };
                (key.clone(), value)
            })
            .collect(),
        Json::Array(items) => {
            let mut items: Vec<Json> = items.iter().map(|item| shuffled(item, seed)).collect();
            let mut state = seed;
            for last in (1..items.len()).rev() {
                // The multiplier of Knuth's MMIX, which is sufficient for an order.
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                items.swap(last, usize::try_from(state >> 33).unwrap() % (last + 1));
            }
            Json::Array(items)
        }
        other => other.clone(),
    }
}
