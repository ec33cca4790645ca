//! `AllowlistSynchronizer`s: which allowlists a cluster's owner lets them install.
//!
//! The rule stands here once, for every gate that enforces it.

mod removal;

pub use removal::removes;

/// An entry of an owner's list: allowlists that synchronizers may install.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AllowedPath {
    /// A file, `dir/file.yaml`, or everything below a folder, `dir/*`.
    pub path: String,
    /// The bucket of a customer; absent for Google's repository of partner allowlists.
    pub bucket_name: Option<String>,
    /// The number of the project that owns the bucket.
    pub project_number: Option<i64>,
}

/// What a synchronizer asks for: the fields of its `spec`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requested<'r> {
    /// `allowlistPaths`
    pub paths: &'r [&'r str],
    /// `bucketName`
    pub bucket_name: Option<&'r str>,
    /// `projectNumber`
    pub project_number: Option<i64>,
}

/// Why a synchronizer is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal<'r> {
    /// It names no path.
    Empty,
    /// The first of its paths that no list could allow, see [`is_allowlist_path`].
    Malformed(&'r str),
    /// The first of its paths that is not on the list.
    Unlisted(&'r str),
}

/// Whether a list with these entries lets a synchronizer be created.
///
/// # Errors
/// Why not, by the first path at fault; a malformed path counts before one that is not on the list.
pub fn admits<'r>(allowed: &[AllowedPath], requested: &Requested<'r>) -> Result<(), Refusal<'r>> {
    let Requested { paths, bucket_name, project_number } = *requested;
    if paths.is_empty() {
        return Err(Refusal::Empty);
    }
    if let Some(path) = paths.iter().find(|path| !is_allowlist_path(path)) {
        return Err(Refusal::Malformed(path));
    }
    let covered = |path: &str| {
        allowed.iter().any(|entry| {
            entry.bucket_name.as_deref() == bucket_name
                && entry.project_number == project_number
                && entry.covers(path)
        })
    };
    match paths.iter().find(|path| !covered(path)) {
        Some(path) => Err(Refusal::Unlisted(path)),
        None => Ok(()),
    }
}

/// Whether a synchronizer's path is `dir/file.yaml` or `dir/*`: without a scheme, a slash at either end, an empty, `.`
/// or `..` step, and with `*` only as its last step.
#[must_use]
pub fn is_allowlist_path(path: &str) -> bool {
    let (folders, last) = path.rsplit_once('/').map_or((None, path), |(folders, last)| (Some(folders), last));
    let is_name = |step: &str| !matches!(step, "" | "." | "..") && !step.contains('*');
    (last == "*" || is_name(last)) && folders.is_none_or(|folders| folders.split('/').all(is_name))
}

/// What every path below a wildcard begins with: `dir/` for `dir/*`. `None` for a file.
#[must_use]
pub fn folder(path: &str) -> Option<&str> {
    path.strip_suffix('*').filter(|folder| folder.is_empty() || folder.ends_with('/'))
}

impl AllowedPath {
    /// A wildcard covers all below it, wildcards included.
    fn covers(&self, path: &str) -> bool {
        match folder(&self.path) {
            Some(folder) => path.starts_with(folder),
            None => self.path == path,
        }
    }
}
