//! Volumes: compares the entries by rule M12.

use hallpass_policy::AllowedVolume;

use super::{Class, Grant};

pub(super) fn compare(volumes: &[AllowedVolume<'_>], others: &[AllowedVolume<'_>], grants: &mut Vec<Grant>) {
    for volume in volumes {
        let mut namesakes = others.iter().filter(|other| other.name == volume.name);
        let Some(accepted) = Accepted::of(volume) else { continue };
        if namesakes.clone().any(|other| Accepted::of(other).is_some_and(|other| accepted.is_within(&other)))
        {
            continue;
        }
        let name = volume.name;
        let like = namesakes.find_map(Accepted::of);
        let (class, may) = match accepted {
            Accepted::HostPath(path) => {
                (Class::HostPath, format!("have the hostPath `{path}` as volume `{name}`"))
            }
            Accepted::Nfs { path, read_only } => (
                Class::Volume,
                format!("have the NFS path `{path}` as volume `{name}`{}", writable(read_only)),
            ),
            Accepted::Disk { fs_type, partition, read_only } => {
                let disk = format!("a Compute Engine disk (`fsType: {fs_type}`, `partition: {partition}`)");
                (Class::Volume, format!("have {disk} as volume `{name}`{}", writable(read_only)))
            }
            Accepted::ByName { mode, claim_read_only } => match like {
                Some(Accepted::ByName { mode: other, .. }) if other != mode => (
                    Class::Volume,
                    format!("have a ConfigMap with `defaultMode` 0{mode:o} as volume `{name}`"),
                ),
                Some(Accepted::ByName { .. }) => {
                    (Class::Volume, format!("have a claim as volume `{name}`{}", writable(claim_read_only)))
                }
                _ => (Class::Volume, format!("have a volume `{name}`")),
            },
        };
        grants.push(Grant::new(class, may, format!("/matchingCriteria/volumes/{}", volume.index)));
    }
}

fn writable(read_only: bool) -> &'static str {
    if read_only { "" } else { ", writable" }
}

/// The volumes that an entry accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Accepted<'v> {
    HostPath(&'v str),
    Nfs { path: &'v str, read_only: bool },
    Disk { fs_type: &'v str, partition: i32, read_only: bool },
    ByName { mode: i32, claim_read_only: bool },
}

impl<'v> Accepted<'v> {
    /// Returns `None` if the entry has several sources, and so matches no volume.
    fn of(volume: &AllowedVolume<'v>) -> Option<Self> {
        match (volume.host_path, volume.nfs, volume.disk) {
            (Some(path), None, None) => Some(Accepted::HostPath(path)),
            (None, Some(nfs), None) => Some(Accepted::Nfs { path: nfs.path, read_only: nfs.read_only }),
            (None, None, Some(disk)) => Some(Accepted::Disk {
                fs_type: disk.fs_type,
                partition: disk.partition,
                read_only: disk.read_only,
            }),
            (None, None, None) => Some(Accepted::ByName {
                mode: volume.config_map_mode,
                claim_read_only: volume.claim_read_only,
            }),
            _ => None,
        }
    }

    fn is_within(&self, other: &Accepted<'_>) -> bool {
        // An entry can require `readOnly`, but not forbid it.
        let no_less = |one: bool, other: bool| one || !other;
        match (self, other) {
            (Accepted::HostPath(path), Accepted::HostPath(other)) => path == other,
            (Accepted::Nfs { path, read_only }, Accepted::Nfs { path: other, read_only: in_other }) => {
                path == other && no_less(*read_only, *in_other)
            }
            (
                Accepted::Disk { fs_type, partition, read_only },
                Accepted::Disk { fs_type: other_type, partition: other_partition, read_only: in_other },
            ) => fs_type == other_type && partition == other_partition && no_less(*read_only, *in_other),
            (
                Accepted::ByName { mode, claim_read_only },
                Accepted::ByName { mode: other, claim_read_only: in_other },
            ) => mode == other && no_less(*claim_read_only, *in_other),
            _ => false,
        }
    }
}
