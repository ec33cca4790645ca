//! Mounts and raw devices of a container.

use std::collections::BTreeSet;

use super::refuse;
use crate::Container;
use hallpass_document::{At, Diagnostic, Diagnostics, nearest};

/// Checks the mounts of a container.
pub(crate) fn check_mounts(container: &Container<'_>, at: &At<'_>, faults: &mut Diagnostics) {
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
            refuse(at.key("mountPath").pointer(), what, "give each mount a unique path", faults);
        }
        if mount.bidirectional && !container.privileged {
            refuse(
                at.key("mountPropagation").pointer(),
                format!(
                    "container `{name}` is not privileged, but mount `{}` is `Bidirectional`",
                    mount.name
                ),
                "remove `mountPropagation`, or write `HostToContainer`",
                faults,
            );
        }
    }
}

/// Checks that the Pod has every volume that a container uses. An unknown volume cannot be evaluated.
pub(crate) fn check_volumes(
    containers: &[Container<'_>],
    known: &BTreeSet<&str>,
    spec: &At<'_>,
    faults: &mut Diagnostics,
) {
    for container in containers {
        let list = spec.key(container.list.field());
        let at = list.index(container.index);
        let mounts = container.mounts.iter().map(|mount| ("volumeMounts", mount.index, mount.name));
        let devices = container.devices.iter().map(|device| ("volumeDevices", device.index, device.name));
        for (field, index, name) in mounts.chain(devices) {
            // A missing name has already been reported.
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
            faults.error(Diagnostic::new(item.index(index).key("name").pointer(), message).help(help));
        }
    }
}
