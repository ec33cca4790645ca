//! The pitfalls of docs/semantics.md are named if they are the reason of a mismatch, and only then.

use serde_json::{Value as Json, json};

use super::judged;

fn workload() -> Json {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent"},
        "spec": {
            "hostPID": true,
            "containers": [{
                "name": "agent", "image": "registry.example.com:5000/acme/agent:1.2", "command": ["/bin/agent"],
                "args": ["--level=3"], "env": [{"name": "ACME_KEY"}],
                "livenessProbe": {"exec": {"command": ["/bin/probe", "now"]}},
                "securityContext": {"capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}},
                "volumeMounts": [{"name": "proc", "mountPath": "/host/proc"}],
            }],
            "volumes": [
                {"name": "proc", "hostPath": {"path": "/proc"}},
                {"name": "tools", "configMap": {"name": "tools"}},
            ],
        },
    })
}

fn allowlist() -> Json {
    json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "acme-agent"},
        "exemptions": [
            "autogke-disallow-hostnamespaces", "autogke-no-write-mode-hostpath", "autogke-default-linux-capabilities",
        ],
        "matchingCriteria": {
            "hostPID": true,
            "containers": [{
                "name": "agent", "image": "registry.example.com:5000/acme/agent", "command": ["/bin/agent"],
                "args": ["--level=3"], "env": [{"name": "ACME_KEY"}],
                "livenessProbe": {"exec": {"command": ["/bin/probe", "now"]}},
                "securityContext": {"capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}},
                "volumeMounts": [{"name": "proc", "mountPath": "/host/proc"}],
            }],
            "volumes": [{"name": "proc", "hostPath": {"path": "/proc"}}, {"name": "tools"}],
        },
    })
}

fn set(json: &mut Json, pointer: &str, value: Json) {
    *json.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing is at {pointer}")) = value;
}

/// Returns the pitfalls of all mismatches.
fn pitfalls(workload: &Json, allowlist: &Json) -> Vec<Option<String>> {
    judged(workload, allowlist).mismatches.into_iter().map(|mismatch| mismatch.pitfall).collect()
}

const CONTAINER: &str = "/matchingCriteria/containers/0";
const VOLUME: &str = "/matchingCriteria/volumes/0";

#[test]
fn in_the_allowlist() {
    let agent = "registry.example.com:5000/acme/agent";
    for (place, value, start) in [
        (
            "/image",
            "^registry[.]example[.]com:5000/.*",
            "`^registry[.]example[.]com:5000/.*` has no `$` at its end",
        ),
        (
            "/image",
            "registry[.]example[.]com:5000/.*$",
            "`registry[.]example[.]com:5000/.*$` has no `^` at its start",
        ),
        ("/image", "registry.example.com:5000/acme/.*", "`registry.example.com:5000/acme/.*` has no `^`"),
        (
            "/image",
            "^registry.example.com:5000/acme/agent:.*$",
            "a pattern is compared with the image without its tag",
        ),
        (
            "/image",
            "^registry.example.com:5000/acme/agent:1[.]2",
            "a pattern is compared with the image without its tag",
        ),
        ("/image", &format!("{agent}:1.1"), "an entry with a tag matches only exactly"),
        ("/args/0", "^--level=[0-9]", "`^--level=[0-9]` has no `$` at its end"),
        ("/args/0", "--level=.*", "`--level=.*` has no `^` at its start and no `$` at its end"),
        ("/env/0/name", "^ACME_.*", "`^ACME_.*` has no `$` at its end"),
        ("/env/0/name", "ACME_.+$", "`ACME_.+$` has no `^` at its start"),
        ("/command/0", "^/bin/.*$", "`command` has no patterns"),
        ("/livenessProbe/exec/command/0", "^.*$", "`exec.command` has no patterns"),
        ("/securityContext/capabilities/add/0", "ALL", "names of capabilities are compared as text: `ALL`"),
        (
            "/securityContext/capabilities/drop/0",
            "NET_RAW",
            "names of capabilities are compared as text: `ALL`",
        ),
        ("/volumeMounts/0/mountPath", "/host/proc/", "paths are compared as text: `/host/proc/`"),
        ("/volumeMounts/0/mountPath", "/host/*", "`mountPath` has no wildcards"),
    ] {
        let mut allowlist = allowlist();
        set(&mut allowlist, &format!("{CONTAINER}{place}"), json!(value));
        let found = pitfalls(&workload(), &allowlist);
        let [Some(pitfall)] = found.as_slice() else { panic!("{place} {value}: {found:?}") };
        assert!(pitfall.starts_with(start), "{place} {value}: {pitfall}");
    }
    for (place, value, start) in [
        ("/hostPath/path", "/proc/", "paths are compared as text: `/proc/` is not `/proc`"),
        ("/hostPath/path", "/proc/*", "`hostPath.path` has no wildcards: `/proc/*`"),
        ("/hostPath/path", "^/pro.*$", "`hostPath.path` is never a pattern"),
        ("/name", "^pro.*$", "the name of a volume is never a pattern"),
    ] {
        let mut allowlist = allowlist();
        set(&mut allowlist, &format!("{VOLUME}{place}"), json!(value));
        let found = pitfalls(&workload(), &allowlist);
        let [Some(pitfall)] = found.as_slice() else { panic!("{place} {value}: {found:?}") };
        assert!(pitfall.starts_with(start), "{place} {value}: {pitfall}");
    }
}

#[test]
fn in_the_workload() {
    for (place, value, start) in [
        ("/spec/containers/0/args/0", "one\ntwo", "`.` in `^.*$` stops at a line break"),
        ("/spec/volumes/1/configMap", "", "an allowlist without `configMap.defaultMode` accepts only 0644"),
    ] {
        let (mut workload, mut allowlist) = (workload(), allowlist());
        set(&mut allowlist, &format!("{CONTAINER}/args/0"), json!("^.*$"));
        let value =
            if value.is_empty() { json!({"name": "tools", "defaultMode": 493}) } else { json!(value) };
        set(&mut workload, place, value);
        let found = pitfalls(&workload, &allowlist);
        let [Some(pitfall)] = found.as_slice() else { panic!("{place}: {found:?}") };
        assert!(pitfall.starts_with(start), "{place}: {pitfall}");
    }
    let (mut workload, mut allowlist) = (workload(), allowlist());
    set(&mut workload, "/spec/containers/0/image", json!("nginx:1.27"));
    set(&mut allowlist, &format!("{CONTAINER}/image"), json!("docker.io/library/nginx"));
    let found = pitfalls(&workload, &allowlist);
    assert!(
        found[0].as_ref().is_some_and(|pitfall| pitfall.ends_with("they are the same image")),
        "{found:?}"
    );
}

#[test]
fn nothing_that_would_not_match_either() {
    for (place, value) in [
        ("/image", "^registry.example.com:5000/other/.*"),
        ("/image", "^registry.example.com:5000/other:.*$"),
        ("/image", "registry.example.com:5000/other:1.2"),
        ("/args/0", "^--other=.*"),
        ("/args/0", "--level"),
        ("/env/0/name", "^OTHER_.*"),
        ("/env/0/name", "ACME"),
        ("/command/0", "^/usr/.*$"),
        ("/securityContext/capabilities/add/0", "SYS_ADMIN"),
        ("/volumeMounts/0/mountPath", "/other/*"),
        ("/volumeMounts/0/mountPath", "/host/procs"),
    ] {
        let mut allowlist = allowlist();
        set(&mut allowlist, &format!("{CONTAINER}{place}"), json!(value));
        assert_eq!(pitfalls(&workload(), &allowlist), [None], "{place} {value}");
    }
    for (field, value) in [("readOnly", json!(true)), ("subPath", json!("data"))] {
        let mut allowlist = allowlist();
        let mut workload = workload();
        allowlist["matchingCriteria"]["containers"][0]["volumeMounts"][0][field] = value;
        workload["spec"]["containers"][0]["volumeMounts"][0].as_object_mut().unwrap().remove(field);
        assert_eq!(pitfalls(&workload, &allowlist), [None], "{field}");
    }
    for path in ["/", "/proc/1/*", "/sys/*", "^/sys.*$"] {
        let mut allowlist = allowlist();
        set(&mut allowlist, &format!("{VOLUME}/hostPath/path"), json!(path));
        assert_eq!(pitfalls(&workload(), &allowlist), [None], "{path}");
    }
}
