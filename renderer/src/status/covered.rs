//! Matches files to paths.

use std::collections::BTreeSet;

use hallpass_policy::synchronizer::folder;

/// The annotation in which hallpass-controller writes the file of an allowlist.
pub const FILE_ANNOTATION: &str = "hallpass.dev/file";

const ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];

/// Returns the path of a listed file in its bucket: `gs://BUCKET/dir/file.yaml` is `dir/file.yaml`.
#[must_use]
pub fn file_path(listed: &str) -> &str {
    in_bucket(listed).1
}

/// Returns the bucket of a file, if specified, and the path in the bucket.
pub(super) fn in_bucket(listed: &str) -> (Option<&str>, &str) {
    match listed.strip_prefix("gs://").and_then(|rest| rest.split_once('/')) {
        Some((bucket, path)) => (Some(bucket), path),
        None => (None, listed),
    }
}

/// Whether a file can be in a synchronizer's bucket. It can if either name is missing.
pub(super) fn same_bucket(written: Option<&str>, of_synchronizer: Option<&str>) -> bool {
    written.zip(of_synchronizer).is_none_or(|(written, own)| written == own)
}

/// Whether a wanted path, a file or `dir/*`, covers the path of a file.
pub(super) fn covers(wanted: &str, path: &str) -> bool {
    match folder(wanted) {
        Some(folder) => path.len() > folder.len() && path.starts_with(folder),
        None => path == wanted,
    }
}

/// Returns the name that partners give to an allowlist: its file name without the extension.
#[must_use]
pub fn allowlist_name(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file)
}

/// Returns the allowlist of a file from those in a cluster. Some allowlists have the full file name, including the
/// extension.
pub(super) fn allowlist_of<'c>(path: &str, allowlists: &BTreeSet<&'c str>) -> Option<&'c str> {
    let name = allowlist_name(path);
    let with_ending = ENDINGS.iter().find_map(|ending| allowlists.get(format!("{name}{ending}").as_str()));
    allowlists.get(name).or(with_ending).copied()
}
