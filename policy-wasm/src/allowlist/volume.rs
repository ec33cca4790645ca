//! Reads a volume of an allowlist.

use super::field::unknown;
use super::{AllowedDisk, AllowedNfs, AllowedVolume};
use hallpass_document::{At, Diagnostics, Value};
use hallpass_workload::{CONFIG_MAP_MODE, nameless};

const FIELDS: [&str; 6] =
    ["name", "hostPath", "nfs", "gcePersistentDisk", "persistentVolumeClaim", "configMap"];

pub(super) fn read_volumes<'v>(
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Vec<AllowedVolume<'v>> {
    let items = faults.list(value, at).iter().enumerate();
    items.map(|(index, item)| read_volume(item, index, &at.index(index), faults)).collect()
}

fn read_volume<'v>(
    value: &'v Value<'v>,
    index: usize,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> AllowedVolume<'v> {
    let mut volume = AllowedVolume {
        index,
        name: "",
        host_path: None,
        nfs: None,
        disk: None,
        claim_read_only: false,
        config_map_mode: CONFIG_MAP_MODE,
    };
    for (key, value) in faults.map_item(value, at) {
        let at = at.key(key);
        match &**key {
            "name" => volume.name = faults.string(value, &at).unwrap_or_default(),
            _ if value.is_null() => {}
            "hostPath" => volume.host_path = Some(Source::read(value, &["path"], &at, faults).path),
            "nfs" => {
                let source = Source::read(value, &["path", "readOnly"], &at, faults);
                volume.nfs = Some(AllowedNfs { path: source.path, read_only: source.read_only });
            }
            "gcePersistentDisk" => {
                let source = Source::read(value, &["fsType", "partition", "readOnly"], &at, faults);
                volume.disk = Some(AllowedDisk {
                    fs_type: source.fs_type,
                    partition: source.partition,
                    read_only: source.read_only,
                });
            }
            "persistentVolumeClaim" => {
                volume.claim_read_only = Source::read(value, &["readOnly"], &at, faults).read_only;
            }
            "configMap" => {
                let source = Source::read(value, &["name", "defaultMode"], &at, faults);
                volume.config_map_mode = source.default_mode.unwrap_or(CONFIG_MAP_MODE);
            }
            _ => unknown(key, &FIELDS, &at, faults),
        }
    }
    if volume.name.is_empty() {
        nameless("volume", at, faults);
    }
    volume
}

/// The fields of all sources: each source has some of them.
#[derive(Default)]
struct Source<'v> {
    path: &'v str,
    fs_type: &'v str,
    partition: i32,
    read_only: bool,
    default_mode: Option<i32>,
}

impl<'v> Source<'v> {
    fn read(value: &'v Value<'v>, fields: &[&'static str], at: &At<'_>, faults: &mut Diagnostics) -> Self {
        let mut source = Source::default();
        for (key, value) in faults.map(value, at) {
            let at = at.key(key);
            match &**key {
                key if !fields.contains(&key) => unknown(key, fields, &at, faults),
                "path" => source.path = faults.string(value, &at).unwrap_or_default(),
                "fsType" => source.fs_type = faults.string(value, &at).unwrap_or_default(),
                "partition" => source.partition = faults.int32(value, &at).unwrap_or_default(),
                "readOnly" => source.read_only = faults.boolean(value, &at) == Some(true),
                "defaultMode" => source.default_mode = faults.int32(value, &at),
                // `configMap.name` is in the CRD, but is not compared with workloads (rule M12).
                _ => {}
            }
        }
        source
    }
}
