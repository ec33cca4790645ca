//! M12: each volume needs an entry with its name, and with its source if the allowlist can describe it.

use std::fmt;

use super::tally::Tally;
use super::{Difference, Pair, listed_for};
use crate::allowlist::AllowedVolume;
use crate::decision::{Mismatch, Rule};
use hallpass_workload::{Volume, VolumeSource};

const SOURCE_CHOICE: &str = "a volume matches only an entry with the same source: GKE's behavior is not public if \
    only one of them has a hostPath, nfs or gcePersistentDisk";

pub(super) fn compare(pair: &Pair<'_, '_, '_>, tally: &mut Tally) {
    for volume in &pair.workload.volumes {
        if tally.is_over() {
            return;
        }
        let candidates = || pair.allowlist.volumes_named(volume.name);
        if !candidates().any(|allowed| first_fault(volume, allowed).is_none()) {
            tally.add(|| {
                match candidates().find_map(|allowed| Some((allowed, first_fault(volume, allowed)?))) {
                    Some((allowed, fault)) => differing(pair, volume, allowed, fault),
                    None => unlisted(pair, volume),
                }
            });
        }
    }
}

/// The first field of the source that differs.
struct FieldFault {
    field: &'static str,
    workload: String,
    expected: String,
    assumption: Option<&'static str>,
}

fn first_fault(volume: &Volume<'_>, allowed: &AllowedVolume<'_>) -> Option<FieldFault> {
    let source = sources(volume, allowed);
    if source.is_some() {
        return source;
    }
    match volume.source {
        VolumeSource::HostPath(path) => differ("hostPath/path", path, allowed.host_path.unwrap_or_default()),
        VolumeSource::Nfs { path, read_only: has } => {
            let nfs = allowed.nfs.unwrap_or_default();
            differ("nfs/path", path, nfs.path).or_else(|| read_only("nfs/readOnly", has, nfs.read_only))
        }
        VolumeSource::GcePersistentDisk { fs_type, partition, read_only: has } => {
            let disk = allowed.disk.unwrap_or_default();
            differ("gcePersistentDisk/fsType", fs_type, disk.fs_type)
                .or_else(|| differ("gcePersistentDisk/partition", partition, disk.partition))
                .or_else(|| read_only("gcePersistentDisk/readOnly", has, disk.read_only))
        }
        VolumeSource::Claim { read_only: has } => {
            read_only("persistentVolumeClaim/readOnly", has, allowed.claim_read_only)
        }
        VolumeSource::ConfigMap { default_mode } => {
            differ("configMap/defaultMode", Mode(default_mode), Mode(allowed.config_map_mode))
        }
        VolumeSource::Other => None,
    }
}

fn differ<T: PartialEq + fmt::Display>(field: &'static str, workload: T, expected: T) -> Option<FieldFault> {
    (workload != expected).then(|| FieldFault {
        field,
        workload: workload.to_string(),
        expected: expected.to_string(),
        assumption: None,
    })
}

/// An allowlist can require `readOnly`, but not forbid it.
fn read_only(field: &'static str, has: bool, demanded: bool) -> Option<FieldFault> {
    differ(field, has, has || demanded)
}

/// A file mode, shown in octal.
#[derive(PartialEq)]
struct Mode(i32);

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0{:o}", self.0)
    }
}

/// Whether one of them has a source that the other does not have.
fn sources(volume: &Volume<'_>, allowed: &AllowedVolume<'_>) -> Option<FieldFault> {
    let source = &volume.source;
    [
        ("hostPath", matches!(source, VolumeSource::HostPath(_)), allowed.host_path.is_some()),
        ("nfs", matches!(source, VolumeSource::Nfs { .. }), allowed.nfs.is_some()),
        (
            "gcePersistentDisk",
            matches!(source, VolumeSource::GcePersistentDisk { .. }),
            allowed.disk.is_some(),
        ),
    ]
    .into_iter()
    .find(|(_, in_workload, in_allowlist)| in_workload != in_allowlist)
    .map(|(field, in_workload, _)| {
        let (with, without) = (field.to_owned(), format!("no {field}"));
        let (workload, expected) =
            if in_workload { (with, without) } else { (volume.volume_type.to_owned(), with) };
        FieldFault { field, workload, expected, assumption: Some(SOURCE_CHOICE) }
    })
}

fn differing(
    pair: &Pair<'_, '_, '_>,
    volume: &Volume<'_>,
    allowed: &AllowedVolume<'_>,
    fault: FieldFault,
) -> Mismatch {
    let name = volume.name;
    let field = fault.field.replace('/', ".");
    let help = if volume.of_claim_template {
        format!(
            "rename the claim template `{name}`, or load a version of the allowlist that accepts its claim"
        )
    } else if fault.assumption.is_some() {
        format!(
            "change volume `{name}` to the type in the allowlist, or load a version of the allowlist that lists its \
             source"
        )
    } else {
        format!("set `{field}` of volume `{name}` to `{}`", fault.expected)
    };
    pair.mismatch(
        Rule::M12,
        Difference {
            path: pair.workload.volume_pointer(volume, &format!("/{}", fault.field)),
            allowlist_path: format!("/matchingCriteria/volumes/{}/{}", allowed.index, fault.field),
            message: if fault.assumption.is_some() {
                format!("volume `{name}` is `{}`; the allowlist has `{}`", fault.workload, fault.expected)
            } else {
                format!(
                    "`{field}` of volume `{name}` is `{}`; the allowlist has `{}`",
                    fault.workload, fault.expected
                )
            },
            help,
            workload: Some(fault.workload),
            expected: Some(fault.expected),
            assumption: fault.assumption,
        },
    )
}

fn unlisted(pair: &Pair<'_, '_, '_>, volume: &Volume<'_>) -> Mismatch {
    let name = volume.name;
    pair.mismatch(
        Rule::M12,
        Difference {
            path: pair.workload.volume_pointer(volume, "/name"),
            workload: Some(name.to_owned()),
            expected: listed_for(name, pair.allowlist.volumes.iter().map(|allowed| allowed.name).collect()),
            allowlist_path: "/matchingCriteria/volumes".to_owned(),
            message: if volume.of_claim_template {
                format!("volume `{name}`, which a claim template adds, is not in the allowlist")
            } else {
                format!("volume `{name}` is not in the allowlist")
            },
            help: format!(
                "remove {} `{name}`, or load a version of the allowlist that lists it under `volumes`",
                if volume.of_claim_template { "the claim template" } else { "volume" }
            ),
            assumption: None,
        },
    )
}
