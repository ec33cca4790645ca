//! Workloads with an allowlist that exempts them by construction: both are generated field by field, from pairs of
//! allowlist entries and matching workload values.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

/// A Pod, and the allowlist `acme-agent` that exempts it.
#[derive(Clone, Debug)]
pub struct Exempted {
    /// The Pod.
    pub workload: Json,
    /// The allowlist.
    pub allowlist: Json,
}

/// Pairs of an allowlist entry and a matching workload value.
type Table = &'static [(&'static str, &'static str)];

const ARGS: Table =
    &[("--one", "--one"), ("--two", "--two"), ("^--n=[0-9]+$", "--n=7"), ("^--(a|b)$", "--b")];
const ENV: Table = &[("NODE", "NODE"), ("HOST", "HOST"), ("^ACME_.*$", "ACME_KEY"), ("^[A-Z]_?X$", "B_X")];
const ADDED: Table = &[("NET_ADMIN", "NET_ADMIN"), ("SYS_ADMIN", "SYS_ADMIN"), ("CHOWN", "CHOWN")];
const DROPPED: Table = &[("MKNOD", "MKNOD"), ("ALL", "ALL"), ("KILL", "KILL")];
const SECRETS: Table = &[("keys", "keys"), ("more-keys", "more-keys")];

/// The listed entries, and the used values.
type Drawn = (Vec<&'static str>, Vec<&'static str>);

fn drawn(table: Table) -> impl Strategy<Value = Drawn> {
    prop::collection::vec((select(table), any::<bool>()), 0..5).prop_map(|drawn| {
        let listed = drawn.iter().map(|((listed, _), _)| *listed).collect();
        let used = drawn.iter().filter(|(_, used)| *used).map(|((_, used), _)| *used).collect();
        (listed, used)
    })
}

/// A part of a container: in the allowlist, and in the workload.
type Part = (Json, Json);

fn image() -> impl Strategy<Value = (Part, Option<String>)> {
    let digest = "5".repeat(64);
    let by_digest =
        ((json!("example.com/a"), json!(format!("mirror.example.net/a@sha256:{digest}"))), Some(digest));
    let by_path = |listed: &str, used: &str| ((json!(listed), json!(used)), None);
    select(vec![
        by_path("example.com/a", "example.com/a"),
        by_path("example.com/a", "example.com/a:1.2"),
        by_path("example.com:5000/b", "example.com:5000/b:1.2"),
        by_path("^example[.]com/(c|d)$", "example.com/d:latest"),
        by_path("example.com/e:1.2", "example.com/e:1.2"),
        by_path("example.com/f@sha256:9c1e", "example.com/f@sha256:9c1e"),
        by_digest,
    ])
}

fn app_armor() -> impl Strategy<Value = Part> {
    let profile = |name| json!({ "type": name });
    let local = json!({"type": "Localhost", "localhostProfile": "acme"});
    select(vec![
        (Json::Null, Json::Null),
        (Json::Null, profile("RuntimeDefault")),
        (profile("Unconfined"), Json::Null),
        (profile("Unconfined"), local.clone()),
        (profile("RuntimeDefault"), profile("RuntimeDefault")),
        (local.clone(), local),
    ])
}

fn probe() -> impl Strategy<Value = Part> {
    let exec = json!({"exec": {"command": ["probe", "now"]}});
    select(vec![
        (Json::Null, Json::Null),
        (Json::Null, json!({"httpGet": {"port": 80}})),
        (exec.clone(), Json::Null),
        (exec.clone(), exec),
    ])
}

fn mount() -> impl Strategy<Value = Part> {
    (select(vec!["data", "logs", "config"]), select(vec!["/one", "/two"]), 0..3_u8).prop_map(
        |(name, path, form)| {
            let plain = json!({"name": name, "mountPath": path});
            let read_only = json!({"name": name, "mountPath": path, "readOnly": true});
            let within = json!({"name": name, "mountPath": path, "subPath": "x", "readOnly": true});
            match form {
                0 => (plain, within),
                1 => (read_only.clone(), read_only),
                _ => (within.clone(), within),
            }
        },
    )
}

/// The volumes that an allowlist can describe, each with a matching volume; whether the allowlist lists it, and whether
/// the workload has it.
fn volumes() -> impl Strategy<Value = Vec<(Part, bool, bool)>> {
    let all = vec![
        (json!({"name": "data"}), json!({"name": "data", "emptyDir": {}})),
        (
            json!({"name": "logs", "hostPath": {"path": "/proc"}}),
            json!({"name": "logs", "hostPath": {"path": "/proc", "type": "Directory"}}),
        ),
        (
            json!({"name": "config", "configMap": {"defaultMode": 493}}),
            json!({"name": "config", "configMap": {"name": "x", "defaultMode": 493}}),
        ),
        (
            json!({"name": "share", "nfs": {"path": "/export"}}),
            json!({"name": "share", "nfs": {"server": "x", "path": "/export", "readOnly": true}}),
        ),
        (
            json!({"name": "claim", "persistentVolumeClaim": {"readOnly": true}}),
            json!({"name": "claim", "persistentVolumeClaim": {"claimName": "x", "readOnly": true}}),
        ),
    ];
    all.into_iter().map(|part| (Just(part), any::<bool>(), any::<bool>())).collect::<Vec<_>>()
}

/// A container of an allowlist, a matching container, whether the workload has it, and a digest to list.
type ContainerPair = (Json, Json, bool, Option<String>);

fn container() -> impl Strategy<Value = ContainerPair> {
    let texts = (drawn(ARGS), drawn(ENV), drawn(ADDED), drawn(DROPPED), drawn(SECRETS));
    let command = prop::collection::vec(select(vec!["run", "--loop", "^.*$"]), 0..3);
    let mounts = prop::collection::vec((mount(), any::<bool>()), 0..3);
    let flags = (any::<bool>(), any::<bool>());
    (image(), command, texts, app_armor(), probe(), mounts, flags).prop_map(
        |(
            (image, digest),
            command,
            (args, env, added, dropped, secrets),
            profile,
            probe,
            mounts,
            (privileged, used),
        )| {
            let named = |names: &[&str]| -> Json { names.iter().map(|name| json!({"name": name})).collect() };
            let sources = |names: &[&str]| -> Json {
                names.iter().map(|name| json!({"secretRef": {"name": name}})).collect()
            };
            let allowed = json!({
                "image": image.0, "command": command, "args": args.0, "env": named(&env.0),
                "envFrom": sources(&secrets.0), "livenessProbe": probe.0,
                "volumeMounts": mounts.iter().map(|((listed, _), _)| listed).collect::<Vec<_>>(),
                "securityContext": {
                    "privileged": privileged, "appArmorProfile": profile.0,
                    // The workload must drop what the allowlist drops, so it drops everything generated.
                    "capabilities": {"add": added.0, "drop": dropped.1},
                },
            });
            let container = json!({
                "image": image.1, "command": command, "args": args.1, "env": named(&env.1),
                "envFrom": sources(&secrets.1), "livenessProbe": probe.1,
                "volumeMounts":
                    mounts.iter().filter(|(_, used)| *used).map(|((_, used), _)| used).collect::<Vec<_>>(),
                "securityContext": {
                    "privileged": privileged, "appArmorProfile": profile.1,
                    "capabilities": {"add": added.1, "drop": dropped.0},
                },
            });
            (allowed, container, used, digest)
        },
    )
}

/// Returns any such pair.
pub fn exempted() -> impl Strategy<Value = Exempted> {
    let lists = (prop::collection::vec(container(), 1..4), prop::collection::vec(container(), 0..2));
    let shared = (any::<bool>(), any::<bool>(), any::<bool>());
    (lists, volumes(), shared, app_armor()).prop_map(
        |((main, init), volumes, (network, either, versioned), profile)| {
            // One of the two stays unset, so that a workload can request more than is listed.
            let ipc = either && !network;
            let mut digests = Vec::new();
            let main_lists = named(main, "main", true, &mut digests);
            let init_lists = named(init, "init", false, &mut digests);
            let mounted = mounted(main_lists.1.iter().chain(&init_lists.1));
            let needed = |volume: &Json| volume["name"].as_str().is_some_and(|name| mounted.contains(name));
            let listed = volumes.iter().filter(|((_, volume), listed, _)| *listed || needed(volume));
            let used = listed.clone().filter(|((_, volume), _, used)| *used || needed(volume));
            let mut allowlist = json!({
                "apiVersion": "auto.gke.io/v1",
                "kind": "WorkloadAllowlist",
                "metadata": {"name": "acme-agent"},
                "exemptions": [
                    "autogke-disallow-privilege",
                    "autogke-disallow-hostnamespaces",
                    "autogke-no-write-mode-hostpath",
                    "autogke-default-linux-capabilities",
                ],
                "matchingCriteria": {
                    "hostPID": true, "hostNetwork": network, "hostIPC": ipc,
                    "securityContext": {"appArmorProfile": profile.0},
                    "containers": main_lists.0,
                    "initContainers": init_lists.0,
                    "volumes": listed.map(|((listed, _), _, _)| listed).collect::<Vec<_>>(),
                },
                "containerImageDigests": digests,
            });
            if versioned {
                allowlist["minGKEVersion"] = "1.32.0-gke.1".into();
            }
            let workload = json!({
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "agent", "labels": {}},
                "spec": {
                    "hostPID": true, "hostNetwork": network, "hostIPC": ipc,
                    "securityContext": {"appArmorProfile": profile.1},
                    "containers": main_lists.1,
                    "initContainers": init_lists.1,
                    "volumes": used.map(|((_, used), _, _)| used).collect::<Vec<_>>(),
                },
            });
            Exempted { workload, allowlist }
        },
    )
}

/// Returns the volumes that a workload needs.
fn mounted<'c>(containers: impl Iterator<Item = &'c Json>) -> BTreeSet<String> {
    let mounts = containers.filter_map(|container| container["volumeMounts"].as_array()).flatten();
    mounts.filter_map(|mount| mount["name"].as_str()).map(str::to_owned).collect()
}

/// Returns the containers of the allowlist and of the workload, with the same names; at least one if required.
fn named(
    pairs: Vec<ContainerPair>,
    list: &str,
    needed: bool,
    digests: &mut Vec<Json>,
) -> (Vec<Json>, Vec<Json>) {
    let none_used = pairs.iter().all(|(_, _, used, _)| !used);
    let (mut listed, mut all_used) = (Vec::new(), Vec::new());
    for (index, (mut allowed, mut container, used, digest)) in pairs.into_iter().enumerate() {
        let name = format!("{list}-{index}");
        if let Some(digest) = digest {
            digests.push(json!({"containerName": name, "imageDigests": [digest]}));
        }
        allowed["name"] = name.as_str().into();
        container["name"] = name.into();
        listed.push(allowed);
        if used || (needed && none_used && index == 0) {
            all_used.push(container);
        }
    }
    (listed, all_used)
}
