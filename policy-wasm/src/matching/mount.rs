//! M11: each mount needs an entry with its name and path, and each raw block device likewise; the entry's
//! `readOnly` and `subPath` must be met.

use super::container::ContainerPair;
use super::tally::Tally;
use super::{Difference, listed, listed_for};
use crate::allowlist::AllowedMount;
use crate::decision::{Mismatch, Rule};
use hallpass_workload::VolumeMount;

pub(super) fn compare(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    for mount in &pair.container.mounts {
        let candidates = || pair.allowed.mounts_at(mount.name, mount.mount_path);
        if !candidates().any(|allowed| accepts(allowed, mount)) {
            tally.add(|| match candidates().next() {
                Some(allowed) => differing_mount(pair, mount, allowed),
                None => unlisted_mount(pair, mount),
            });
        }
    }
    for device in &pair.container.devices {
        if pair.allowed.has_device(device.name, device.device_path) {
            continue;
        }
        tally.add(|| {
            pair.mismatch(
                Rule::M11,
                Difference {
                    path: pair.path(&format!("/volumeDevices/{}", device.index)),
                    workload: Some(format!("{} at {}", device.name, device.device_path)),
                    expected: listed(&pair.allowed.devices.iter().map(|allowed| allowed.device_path).collect::<Vec<_>>()),
                    allowlist_path: pair.allowed_path("/volumeDevices"),
                    message: format!(
                        "device `{}` at `{}` in container `{}` is not in the allowlist",
                        device.name, device.device_path, pair.container.name
                    ),
                    help: format!(
                        "remove the device, or load a version of the allowlist that lists `{}` at `{}` under `volumeDevices`",
                        device.name, device.device_path
                    ),
                    assumption: None,
                },
            )
        });
    }
}

fn accepts(allowed: &AllowedMount<'_>, mount: &VolumeMount<'_>) -> bool {
    (!allowed.read_only || mount.read_only)
        && (allowed.sub_path.is_empty() || allowed.sub_path == mount.sub_path)
}

fn differing_mount(
    pair: &ContainerPair<'_, '_, '_>,
    mount: &VolumeMount<'_>,
    allowed: &AllowedMount<'_>,
) -> Mismatch {
    let (name, path) = (mount.name, mount.mount_path);
    let container = pair.container.name;
    let (field, has, wanted) = if allowed.read_only && !mount.read_only {
        ("readOnly", "false".to_owned(), "true".to_owned())
    } else {
        ("subPath", mount.sub_path.to_owned(), allowed.sub_path.to_owned())
    };
    pair.mismatch(
        Rule::M11,
        Difference {
            path: pair.path(&format!("/volumeMounts/{}/{field}", mount.index)),
            message: if field == "readOnly" {
                format!("mount `{name}` at `{path}` in container `{container}` is not read-only")
            } else {
                format!("mount `{name}` at `{path}` in container `{container}` does not have the subPath `{wanted}`")
            },
            help: format!("set `{field}: {wanted}` on the mount `{name}` of container `{container}`"),
            workload: Some(has),
            expected: Some(wanted),
            allowlist_path: pair.allowed_path(&format!("/volumeMounts/{}/{field}", allowed.index)),
            assumption: None,
        },
    )
}

fn unlisted_mount(pair: &ContainerPair<'_, '_, '_>, mount: &VolumeMount<'_>) -> Mismatch {
    let (name, path) = (mount.name, mount.mount_path);
    let container = pair.container.name;
    let same_name = || pair.allowed.mounts.iter().filter(|allowed| allowed.name == name);
    let elsewhere = listed_for(path, same_name().map(|allowed| allowed.mount_path).collect());
    let (field, expected, message) = match elsewhere {
        Some(paths) => (
            "mountPath",
            Some(paths.clone()),
            format!(
                "mount `{name}` in container `{container}` is at `{path}`; the allowlist has it at {paths}"
            ),
        ),
        None => (
            "name",
            listed_for(name, pair.allowed.mounts.iter().map(|allowed| allowed.name).collect()),
            format!("mount `{name}` at `{path}` in container `{container}` is not in the allowlist"),
        ),
    };
    pair.mismatch(
        Rule::M11,
        Difference {
            path: pair.path(&format!("/volumeMounts/{}/{field}", mount.index)),
            workload: Some(format!("{name} at {path}")),
            expected,
            allowlist_path: pair.allowed_path("/volumeMounts"),
            message,
            help: format!(
                "remove the mount, or load a version of the allowlist that lists `{name}` at `{path}` under `volumeMounts`"
            ),
            assumption: None,
        },
    )
}
