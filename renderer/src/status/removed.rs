//! Whether an allowlist is gone: only then may what it exempted lose its exemption in Git.

use std::collections::BTreeSet;

use super::covered::{allowlist_name, covers, file_path};
use super::judge::is_current;
use super::read::Synchronizer;

/// What is left of an allowlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The path of its file.
    pub path: String,
    /// The name that the allowlist goes by in the cluster: that of its file.
    pub allowlist: String,
    /// What still keeps it; empty when it is gone.
    pub remains: Vec<String>,
}

/// Whether the allowlist of the file `path` is gone from every spec, every status and the cluster.
///
/// A status of an older generation proves nothing, so it counts as a remainder.
#[must_use]
pub fn removal(path: &str, synchronizers: &[Synchronizer<'_>], allowlists: &BTreeSet<&str>) -> Removal {
    let mut remains = Vec::new();
    for synchronizer in synchronizers {
        let name = synchronizer.name;
        remains.extend(
            synchronizer
                .paths
                .iter()
                .filter(|wanted| covers(wanted, path))
                .map(|wanted| format!("synchronizer `{name}` has `{wanted}` in its spec")),
        );
        remains.extend(
            synchronizer
                .files
                .iter()
                .filter(|file| file_path(file.file_path) == path)
                .map(|file| format!("synchronizer `{name}` lists `{}` as {}", file.file_path, file.phase)),
        );
        if !is_current(synchronizer) {
            remains.push(format!("the status of synchronizer `{name}` is not about its current spec"));
        }
    }
    let allowlist = allowlist_name(path);
    if allowlists.contains(allowlist) {
        remains.push(format!("the cluster has WorkloadAllowlist `{allowlist}`"));
    }
    Removal { path: path.to_owned(), allowlist: allowlist.to_owned(), remains }
}
