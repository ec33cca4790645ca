//! A host path that gives control of the node.

use hallpass_author::generate::{is_powerful, is_socket};
use hallpass_policy::Allowlist;

use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "powerful-host-path",
    level: Level::Note,
    summary: "A host path gives control of the node",
    rationale: "A container that can write to `/`, `/etc`, `/root` or `/var/lib/kubelet`, or that can use the socket of the \
                container runtime, can take over the node and all Pods on it. A read-only mount does not protect a socket. If the \
                workload needs the path, suppress the finding with the reason.",
    example: |path| {
        format!(
            "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
exemptions:
- autogke-no-write-mode-hostpath
matchingCriteria:
  containers:
  - name: agent
    image: registry.example/acme/agent
    volumeMounts:
    - name: host
      mountPath: /host/etc
  volumes:
  - name: host
    hostPath:
      path: {path}
"
        )
    },
    bad: "/etc",
    good: "/etc/acme",
    fix: None,
    found_by: FoundBy::Criteria(check),
};

fn check(_: &Object<'_>, allowlist: &Allowlist<'_>, reports: &mut Reports<'_>) {
    for volume in &allowlist.volumes {
        let Some(path) = volume.host_path.filter(|path| is_powerful(path)) else { continue };
        let mounts = allowlist.containers.iter().flat_map(|container| &container.mounts);
        let mut mounts = mounts.filter(|mount| mount.name == volume.name);
        if mounts.any(|mount| is_socket(path) || !mount.read_only) {
            let pointer = format!("/matchingCriteria/volumes/{}/hostPath/path", volume.index);
            reports
                .add(&pointer, format!("`{path}` gives control of the node to a container that mounts it"))
                .help("mount a narrower path, or mount it with `readOnly: true`");
        }
    }
}
