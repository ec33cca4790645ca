//! C3: a hostPath volume may only be mounted with `readOnly: true`, and only below the prefixes of the
//! profile; one violation per mount.

use std::collections::BTreeSet;

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use crate::profile::Profile;
use hallpass_document::sorted;
use hallpass_workload::{VolumeSource, Workload};

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let mut host_paths: Vec<(&str, &str)> = Vec::new();
    for volume in &workload.volumes {
        if let VolumeSource::HostPath(path) = volume.source {
            host_paths.push((volume.name, path));
        }
    }
    let host_paths = sorted(host_paths);
    for container in &workload.containers {
        for mount in &container.mounts {
            let Ok(index) = host_paths.binary_search_by_key(&mount.name, |(name, _)| name) else { continue };
            let Some((volume, path)) = host_paths.get(index).copied() else { continue };
            let allowed = profile.permits_host_path(path);
            if mount.read_only && allowed {
                continue;
            }
            let message = if mount.read_only {
                format!(
                    "hostPath volume {volume} used in container {} uses path {path} which is not allowed in Autopilot. \
                     Allowed path prefixes for hostPath volumes are: [{}].",
                    container.name,
                    profile.path_prefixes.join(" ")
                )
            } else {
                format!(
                    "hostPath volume {volume} in container {} is accessed in write mode; disallowed in Autopilot.",
                    container.name
                )
            };
            let pointer = container.pointer(&workload.spec_pointer);
            found.violated(
                Constraint::NoWriteModeHostPath,
                format!("{pointer}/volumeMounts/{}", mount.index),
                message,
            );
            let is_bare_prefix =
                profile.path_prefixes.iter().any(|prefix| prefix.strip_suffix('/') == Some(path));
            if mount.read_only && is_bare_prefix {
                found.assumed(
                    Rule::C3,
                    format!(
                        "hostPath `{path}` itself is refused: GKE's message names the prefix `{path}/`, but its \
                         security page names `{path}`"
                    ),
                );
            }
        }
    }
}

/// A host path that is not mounted is an assumption if the workload violates nothing else.
pub(super) fn assume_unmounted(workload: &Workload<'_>, found: &mut Findings) {
    let mut mounted = BTreeSet::new();
    mounted.extend(workload.containers.iter().flat_map(|c| &c.mounts).map(|mount| mount.name));
    for volume in &workload.volumes {
        if let VolumeSource::HostPath(path) = volume.source
            && !mounted.contains(volume.name)
        {
            found.assumed(
                Rule::C3,
                format!(
                    "hostPath volume `{}` of `{path}` is not mounted by any container: GKE's messages name only mounts",
                    volume.name
                ),
            );
        }
    }
}
