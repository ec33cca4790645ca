//! Mounts and raw devices of one container.

use std::collections::BTreeSet;

use super::refuse;
use crate::workload::Container;
use hallpass_document::{At, Fault, Faults, nearest};

/// What one container's mounts say among themselves.
pub(in crate::workload) fn check_mounts(container: &Container<'_>, at: &At<'_>, faults: &mut Faults) {
    let name = container.name;
    let mut paths = BTreeSet::new();
    let list = at.key("volumeMounts");
    for mount in &container.mounts {
        let at = list.index(mount.index);
        let path = mount.mount_path;
        if path.is_empty() {
            let what = format!("mount `{}` of container `{name}` has no path", mount.name);
            refuse(at.key("mountPath").pointer(), what, "give it a `mountPath`", faults);
        } else if !paths.insert(path) {
            let what = format!("two volumes are mounted at `{path}` in container `{name}`");
            refuse(at.key("mountPath").pointer(), what, "give each mount a path of its own", faults);
        }
        if mount.bidirectional && !container.privileged {
            refuse(
                at.key("mountPropagation").pointer(),
                format!(
                    "container `{name}` is not privileged, and mount `{}` is `Bidirectional`",
                    mount.name
                ),
                "remove `mountPropagation`, or write `HostToContainer`",
                faults,
            );
        }
    }
}

/// Every volume that a container uses is one of the Pod's: nothing is known of another, so nothing can be judged.
pub(in crate::workload) fn check_volumes(
    containers: &[Container<'_>],
    known: &BTreeSet<&str>,
    spec: &At<'_>,
    faults: &mut Faults,
) {
    for container in containers {
        let list = spec.key(container.list.field());
        let at = list.index(container.index);
        let mounts = container.mounts.iter().map(|mount| ("volumeMounts", mount.index, mount.name));
        let devices = container.devices.iter().map(|device| ("volumeDevices", device.index, device.name));
        for (field, index, name) in mounts.chain(devices) {
            // One without a name has been told already.
            if name.is_empty() || known.contains(name) {
                continue;
            }
            let help = match nearest(name, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("add `{name}` to `volumes`, or remove it from `{field}`"),
            };
            let message = format!(
                "container `{}` uses a volume `{name}`, which the Pod does not have, so the API server refuses it",
                container.name
            );
            let item = at.key(field);
            faults.error(Fault::new(item.index(index).key("name").pointer(), message).help(help));
        }
    }
}
