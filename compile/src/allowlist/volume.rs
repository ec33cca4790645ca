//! M12: the volumes of an allowlist.

use hallpass_policy::AllowedVolume;
use hallpass_workload::CONFIG_MAP_MODE;

use crate::text::{any_of, indented, lines, literal};

/// Returns the condition that each volume of the workload has an entry.
pub(super) fn listed(volumes: &[AllowedVolume<'_>]) -> String {
    let is_plain = |volume: &&AllowedVolume<'_>| {
        volume.host_path.is_none()
            && volume.nfs.is_none()
            && volume.disk.is_none()
            && !volume.claim_read_only
            && volume.config_map_mode == CONFIG_MAP_MODE
    };
    let plain: Vec<&str> = volumes.iter().filter(is_plain).map(|volume| volume.name).collect();
    let mut entries = Vec::new();
    if !plain.is_empty() {
        entries.push(format!(
            "volume.source == '' && volume.mode in [-1, {CONFIG_MAP_MODE}] && volume.name in {}",
            lines(plain)
        ));
    }
    entries.extend(volumes.iter().filter(|volume| !is_plain(volume)).filter_map(entry));
    match entries.is_empty() {
        true => "variables.volumes.size() == 0".to_owned(),
        false => format!("variables.volumes.all(volume,\n  {}\n)", indented(&any_of(&entries))),
    }
}

/// Returns `None` for an entry that matches nothing, because it has two sources.
fn entry(volume: &AllowedVolume<'_>) -> Option<String> {
    let read_only = |demanded: bool| if demanded { " && volume.read_only" } else { "" };
    let source = match (volume.host_path, volume.nfs, volume.disk) {
        (Some(path), None, None) => format!("'hostPath' && volume.path == {}", literal(path)),
        (None, Some(nfs), None) => {
            format!("'nfs' && volume.path == {}{}", literal(nfs.path), read_only(nfs.read_only))
        }
        (None, None, Some(disk)) => format!(
            "'gcePersistentDisk' && volume.fs_type == {} && volume.partition == {}{}",
            literal(disk.fs_type),
            disk.partition,
            read_only(disk.read_only)
        ),
        (None, None, None) => {
            let claim = if volume.claim_read_only { " && !volume.writable_claim" } else { "" };
            format!("'' && volume.mode in [-1, {}]{claim}", volume.config_map_mode)
        }
        _ => return None,
    };
    Some(format!("volume.name == {} && volume.source == {source}", literal(volume.name)))
}
