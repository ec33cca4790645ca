//! The volumes of a list.

use hallpass_document::Value;
use hallpass_workload::{CONFIG_MAP_MODE, Volume, VolumeSource, Workload};

use super::remarks::{Remark, is_powerful};
use crate::entry;

pub(super) fn entries(workloads: &[&Workload<'_>], remarks: &mut Vec<Remark>) -> Vec<Value<'static>> {
    let mut kept: Vec<Volume<'_>> = Vec::new();
    for volume in workloads.iter().flat_map(|workload| &workload.volumes) {
        if kept.iter().any(|other| covers(other, volume)) {
            continue;
        }
        kept.retain(|other| !covers(volume, other));
        kept.push(volume.clone());
    }
    for (index, volume) in kept.iter().enumerate() {
        if let VolumeSource::HostPath(path) = volume.source
            && is_powerful(path)
        {
            let text = format!("decide: `{path}` gives control of the node to a container that mounts it");
            remarks.push(Remark { path: format!("/matchingCriteria/volumes/{index}"), text });
        }
    }
    kept.iter().map(entry::volume).collect()
}

/// Whether the entry for one volume also accepts the other (rule M12).
fn covers(one: &Volume<'_>, other: &Volume<'_>) -> bool {
    // An entry can require `readOnly`, but not forbid it.
    let no_less = |required: bool, has: bool| has || !required;
    one.name == other.name
        && match (&one.source, &other.source) {
            (VolumeSource::Nfs { path, read_only }, VolumeSource::Nfs { path: other, read_only: has }) => {
                path == other && no_less(*read_only, *has)
            }
            (
                VolumeSource::GcePersistentDisk { fs_type, partition, read_only },
                VolumeSource::GcePersistentDisk { fs_type: other_type, partition: other, read_only: has },
            ) => fs_type == other_type && partition == other && no_less(*read_only, *has),
            (VolumeSource::HostPath(path), VolumeSource::HostPath(other)) => path == other,
            (one, VolumeSource::ConfigMap { default_mode }) => mode_of(one) == Some(*default_mode),
            (one, VolumeSource::Claim { read_only: has }) => {
                let required = matches!(one, VolumeSource::Claim { read_only: true });
                mode_of(one).is_some() && no_less(required, *has)
            }
            (one, VolumeSource::Other) => mode_of(one).is_some(),
            _ => false,
        }
}

/// The mode that an entry requires of a ConfigMap; `None` for entries that accept another type only.
fn mode_of(source: &VolumeSource<'_>) -> Option<i32> {
    match source {
        VolumeSource::ConfigMap { default_mode } => Some(*default_mode),
        VolumeSource::Claim { .. } | VolumeSource::Other => Some(CONFIG_MAP_MODE),
        _ => None,
    }
}
