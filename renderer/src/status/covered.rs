//! Which file belongs to which path.

use hallpass_policy::synchronizer::folder;

/// The path of a listed file below its bucket: `gs://BUCKET/dir/file.yaml` is `dir/file.yaml`.
#[must_use]
pub fn file_path(listed: &str) -> &str {
    let in_bucket = listed.strip_prefix("gs://").and_then(|rest| rest.split_once('/'));
    in_bucket.map_or(listed, |(_, path)| path)
}

/// Whether a wanted path, a file or `dir/*`, covers the path of a file.
pub(super) fn covers(wanted: &str, path: &str) -> bool {
    match folder(wanted) {
        Some(folder) => path.len() > folder.len() && path.starts_with(folder),
        None => path == wanted,
    }
}

/// The name that partners give an allowlist: that of its file, without the ending.
#[must_use]
pub fn allowlist_name(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    [".yaml", ".yml", ".json"].iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file)
}
