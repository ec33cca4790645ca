//! Whether an allowlist is gone. Only then can the workload's exemption be removed from Git.

use std::collections::BTreeSet;

use super::covered::{allowlist_name, allowlist_of, covers, in_bucket, same_bucket};
use super::judge::is_current;
use super::read::Synchronizer;

/// The remains of an allowlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The path of its file.
    pub path: String,
    /// The name of the allowlist in the cluster, taken from its file name.
    pub allowlist: String,
    /// Where the allowlist still exists; empty if it is gone.
    pub remains: Vec<String>,
}

/// Checks whether the allowlist of the file `path` is gone from every spec, every status and the cluster.
/// `gs://BUCKET/dir/file.yaml` is `dir/file.yaml` of that bucket only.
///
/// A status for an older generation proves nothing, so it counts as a remainder.
#[must_use]
pub fn removal(path: &str, synchronizers: &[Synchronizer<'_>], allowlists: &BTreeSet<&str>) -> Removal {
    let mut remains = Vec::new();
    let (bucket, file) = in_bucket(path);
    for synchronizer in synchronizers {
        let name = synchronizer.name;
        let own = synchronizer.bucket_name;
        remains.extend(
            synchronizer
                .paths
                .iter()
                .filter(|wanted| same_bucket(bucket, own) && covers(wanted, file))
                .map(|wanted| format!("synchronizer `{name}` has `{wanted}` in its spec")),
        );
        remains.extend(
            synchronizer
                .files
                .iter()
                .filter(|listed| {
                    let (written, listed) = in_bucket(listed.file_path);
                    same_bucket(bucket, written.or(own)) && listed == file
                })
                .map(|listed| {
                    format!("synchronizer `{name}` lists `{}` as {}", listed.file_path, listed.phase)
                }),
        );
        if !is_current(synchronizer) {
            remains.push(format!("the status of synchronizer `{name}` is not for its current spec"));
        }
    }
    let installed = allowlist_of(file, allowlists);
    remains.extend(installed.map(|name| format!("the cluster has WorkloadAllowlist `{name}`")));
    let allowlist = installed.unwrap_or_else(|| allowlist_name(file));
    Removal { path: path.to_owned(), allowlist: allowlist.to_owned(), remains }
}
