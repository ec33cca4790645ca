//! The allowlists that a cluster's owner authorizes, as in GKE's `--autopilot-privileged-admission`.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use super::{MALFORMED, covers, is_allowlist_path};

/// The number of unauthorized paths, and of the bytes of the authorized list, that a refusal shows. With them, it stays
/// within 5 KiB, Kubernetes' limit for the message of an admission policy.
pub const SHOWN_PATHS: usize = 5;
const SHOWN_LIST: usize = 2000;

/// Cloud Storage's limit.
const LONGEST_BUCKET: usize = 222;

/// The number of characters of a path that a refusal shows.
pub const SHOWN_PATH: usize = 256;

/// Allowlists that synchronizers may install: `gke://PATH` in the partner repository, or `gs://BUCKET/PATH` in a bucket,
/// where `PATH` is `*`, `dir/*` or `dir/file.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AuthorizedPath {
    bucket: Option<String>,
    path: String,
}

impl AuthorizedPath {
    /// The bucket; `None` for the partner repository.
    #[must_use]
    pub fn bucket(&self) -> Option<&str> {
        self.bucket.as_deref()
    }

    /// A file, or `*` or `dir/*` for all files below a folder.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for AuthorizedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&full_path(self.bucket(), &self.path))
    }
}

/// Returns `gke://PATH`, or `gs://BUCKET/PATH`.
#[must_use]
pub fn full_path(bucket: Option<&str>, path: &str) -> String {
    match bucket {
        Some(bucket) => format!("gs://{bucket}/{path}"),
        None => format!("gke://{path}"),
    }
}

/// Text that is not an authorized path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizedPathError {
    text: String,
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    Empty,
    Blanks,
    Scheme,
    Bucket,
    /// A folder without `*`, and the text with it.
    Folder(String),
    Malformed,
}

impl fmt::Display for AuthorizedPathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match &self.reason {
            Reason::Empty => f.write_str("the path is empty: remove it, or write `gke://*`"),
            Reason::Blanks => write!(f, "`{text}` has blanks around it; did you mean `{}`?", text.trim()),
            Reason::Scheme => write!(
                f,
                "`{text}` starts with neither `gke://` nor `gs://`: write `gke://dir/*` for the partner repository, or \
                 `gs://BUCKET/dir/*` for a bucket"
            ),
            Reason::Bucket => write!(
                f,
                "`{text}` does not name a bucket: write `gs://BUCKET/dir/*`, with a name of lower-case letters, digits, \
                 `.`, `_` and `-`"
            ),
            Reason::Folder(meant) => {
                write!(f, "`{text}` is a folder and covers no allowlist; did you mean `{meant}`?")
            }
            Reason::Malformed => write!(f, "the path of `{text}` is not `*` and {MALFORMED}"),
        }
    }
}

impl std::error::Error for AuthorizedPathError {}

impl FromStr for AuthorizedPath {
    type Err = AuthorizedPathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map_err(|reason| AuthorizedPathError { text: text.to_owned(), reason })
    }
}

impl TryFrom<String> for AuthorizedPath {
    type Error = AuthorizedPathError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

fn parse(text: &str) -> Result<AuthorizedPath, Reason> {
    if text.is_empty() {
        return Err(Reason::Empty);
    }
    if text.trim() != text {
        return Err(Reason::Blanks);
    }
    let (bucket, path) = if let Some(path) = text.strip_prefix("gke://") {
        (None, path)
    } else if let Some(rest) = text.strip_prefix("gs://") {
        let (bucket, path) = rest.split_once('/').unwrap_or((rest, ""));
        if !is_bucket(bucket) {
            return Err(Reason::Bucket);
        }
        (Some(bucket), path)
    } else {
        return Err(Reason::Scheme);
    };
    let is_path = |path: &str| path == "*" || is_allowlist_path(path);
    if is_path(path) {
        return Ok(AuthorizedPath { bucket: bucket.map(str::to_owned), path: path.to_owned() });
    }
    let folder = path.strip_suffix('/').unwrap_or(path);
    let meant = if folder.is_empty() { "*".to_owned() } else { format!("{folder}/*") };
    Err(if is_path(&meant) { Reason::Folder(full_path(bucket, &meant)) } else { Reason::Malformed })
}

/// Whether this is the name of a bucket. Short names are valid, because outside GKE a name may refer to any source.
fn is_bucket(name: &str) -> bool {
    let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= LONGEST_BUCKET
        && name.chars().all(|c| is_end(c) || matches!(c, '.' | '_' | '-'))
        && name.starts_with(is_end)
        && name.ends_with(is_end)
}

/// The list of authorized paths of a cluster. An empty list authorizes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct AuthorizedPaths(Vec<AuthorizedPath>);

impl AuthorizedPaths {
    /// Returns the entries in the order in which they were written.
    pub fn iter(&self) -> impl Iterator<Item = &AuthorizedPath> {
        self.0.iter()
    }

    /// Whether synchronizers may name this path of the bucket, or of the partner repository if `bucket` is `None`. A
    /// wildcard authorizes all paths below it, including wildcards. A text that is not an allowlist path is never
    /// authorized.
    #[must_use]
    pub fn permits(&self, bucket: Option<&str>, path: &str) -> bool {
        is_allowlist_path(path)
            && self.iter().any(|entry| entry.bucket() == bucket && covers(&entry.path, path))
    }

    /// Returns GKE's message for a synchronizer that names these unauthorized paths.
    #[must_use]
    pub fn refusal(&self, bucket: Option<&str>, paths: &[&str]) -> String {
        let shown = |path: &&str| match path.char_indices().nth(SHOWN_PATH) {
            Some((end, _)) => format!("'{}...'", full_path(bucket, path.get(..end).unwrap_or(path))),
            None => format!("'{}'", full_path(bucket, path)),
        };
        let mut refused = paths.iter().take(SHOWN_PATHS).map(shown).collect::<Vec<_>>().join(", ");
        refused.push_str(&more(paths.len().saturating_sub(SHOWN_PATHS)));
        format!("{REFUSED}{refused}{}", self.not_found())
    }

    /// Returns the end of a refusal: the authorized list.
    #[must_use]
    pub fn not_found(&self) -> String {
        let mut list = String::new();
        for (index, entry) in self.iter().enumerate() {
            let entry = format!("'{entry}'");
            if list.len() + entry.len() > SHOWN_LIST {
                list.push_str(&more(self.0.len() - index));
                break;
            }
            if index > 0 {
                list.push_str(", ");
            }
            list.push_str(&entry);
        }
        if self.0.is_empty() {
            list.push_str("''");
        }
        format!(": not found in authorized path list {list}")
    }
}

/// The start of a refusal, up to its first path.
pub const REFUSED: &str =
    "[denied by autopilot-allowlist-synchronizer-limitation]: Unauthorized allowlist path(s) ";

fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", and {count} more") }
}

/// Authorizes the partner repository, as GKE does for a cluster without the setting.
impl Default for AuthorizedPaths {
    fn default() -> Self {
        AuthorizedPaths(vec![AuthorizedPath { bucket: None, path: "*".to_owned() }])
    }
}

impl FromIterator<AuthorizedPath> for AuthorizedPaths {
    fn from_iter<I: IntoIterator<Item = AuthorizedPath>>(entries: I) -> Self {
        AuthorizedPaths(entries.into_iter().collect())
    }
}

/// Writes the list with commas, as it is parsed.
impl fmt::Display for AuthorizedPaths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, entry) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            entry.fmt(f)?;
        }
        Ok(())
    }
}

/// An entry of a list that is not an authorized path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizedPathsError {
    /// The position in the list, from 1.
    entry: usize,
    error: AuthorizedPathError,
}

impl fmt::Display for AuthorizedPathsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: {}", self.entry, self.error)
    }
}

impl std::error::Error for AuthorizedPathsError {}

impl FromStr for AuthorizedPaths {
    type Err = AuthorizedPathsError;

    /// Parses entries separated by commas. The empty text is the empty list.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(AuthorizedPaths(Vec::new()));
        }
        let parse = |(index, entry): (usize, &str)| {
            entry.parse::<AuthorizedPath>().map_err(|error| AuthorizedPathsError { entry: index + 1, error })
        };
        text.split(',').enumerate().map(parse).collect()
    }
}

#[cfg(test)]
#[path = "authorized/tests.rs"]
mod tests;
