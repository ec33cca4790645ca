//! `AllowlistSynchronizer`s: which allowlists a cluster's owner allows them to install.
//!
//! Shared by everything that enforces the rule.

mod authorized;
mod removal;

pub use authorized::{
    AuthorizedPath, AuthorizedPathError, AuthorizedPaths, AuthorizedPathsError, REFUSED, SHOWN_PATH,
    SHOWN_PATHS, full_path,
};
pub use removal::{ONLY_REMOVAL, removes};

/// An entry of the owner's list: allowlists that synchronizers may install.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AllowedPath {
    /// A file, `dir/file.yaml`, or all files below a folder, `dir/*`.
    pub path: String,
    /// The customer's bucket; absent for Google's partner repository.
    pub bucket_name: Option<String>,
    /// The number of the project that owns the bucket.
    pub project_number: Option<i64>,
}

/// The relevant fields of a synchronizer's `spec`.
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
    /// It lists no path.
    Empty,
    /// The first path that no list could allow: see [`is_allowlist_path`].
    Malformed(&'r str),
    /// The first path that is not on the list.
    Unlisted(&'r str),
}

/// Whether a list with these entries allows the creation of a synchronizer.
///
/// # Errors
/// The reason, with the first invalid or unlisted path; invalid paths come first.
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
                && covers(&entry.path, path)
        })
    };
    match paths.iter().find(|path| !covered(path)) {
        Some(path) => Err(Refusal::Unlisted(path)),
        None => Ok(()),
    }
}

/// The maximum length of a path, in bytes. Cloud Storage allows twice as much; an admission policy must evaluate hundreds
/// of paths within Kubernetes' cost limit.
pub const LONGEST_PATH: usize = 512;

/// Why a path is not an allowlist path, as the predicate of a sentence.
pub const MALFORMED: &str = "is neither `dir/file.yaml` nor `dir/*`: a segment consists of ASCII letters, digits, `.`, \
     `_` and `-`, and does not start with a dot; the last one is `*`, or ends in `.yaml`, `.yml` or `.json`";

/// Whether a synchronizer's path is `dir/file.yaml` or `dir/*`, relative to a repository or bucket.
///
/// Everything that reads allowlist paths follows this grammar. It has no path that a reader could take for another one:
/// no scheme, percent-encoding, backslash, blank, invisible character, or segment that is empty, `.` or `..`.
#[must_use]
pub fn is_allowlist_path(path: &str) -> bool {
    let (folders, last) = path.rsplit_once('/').map_or((None, path), |(folders, last)| (Some(folders), last));
    let is_last = if last == "*" { folders.is_some() } else { is_segment(last) && is_file(last) };
    path.len() <= LONGEST_PATH && is_last && folders.is_none_or(|folders| folders.split('/').all(is_segment))
}

fn is_segment(segment: &str) -> bool {
    !segment.is_empty() && !segment.starts_with('.') && segment.chars().all(is_path_character)
}

/// Whether a segment of an allowlist path may contain the character.
#[must_use]
pub fn is_path_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

fn is_file(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
}

/// Returns the prefix of every path below a wildcard: `dir/` for `dir/*`. `None` for a file.
#[must_use]
pub fn folder(path: &str) -> Option<&str> {
    path.strip_suffix('*').filter(|folder| folder.is_empty() || folder.ends_with('/'))
}

/// Whether an entry of a list covers a path: a wildcard covers all paths below it, including wildcards.
#[must_use]
pub fn covers(entry: &str, path: &str) -> bool {
    match folder(entry) {
        Some(folder) => path.starts_with(folder),
        None => entry == path,
    }
}
