//! Valid paths of allowlists and files.

use hallpass_policy::synchronizer::{folder, is_allowlist_path};

/// Returns why `path` is not a valid allowlist path, and a help line. The grammar is GKE's: `dir/file.yaml` or `dir/*`.
pub(super) fn allowlist_path_fault(path: &str) -> Option<(&'static str, String)> {
    let bare = path.trim_matches('/');
    let fault = if path.is_empty() {
        ("is empty", "write `dir/file.yaml` or `dir/*`".to_owned())
    } else if let Some((scheme, rest)) = path.split_once("://") {
        ("has a scheme", without_scheme(scheme, rest.trim_start_matches('/')))
    } else if path.starts_with('/') {
        ("starts with a slash", format!("write `{bare}`"))
    } else if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        ("has a segment `.` or `..`", "write the path from the root of the repository or bucket".to_owned())
    } else if path.contains("//") {
        ("has an empty segment", "write one slash between two segments".to_owned())
    } else if path.strip_suffix("/*").unwrap_or(path).contains('*') {
        ("has a `*` that is not the whole last segment", "write `dir/*` for all files below `dir`".to_owned())
    } else if path.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        (
            "has a space, a backslash or a control character",
            "write the path as it is in the repository".to_owned(),
        )
    } else if !path.ends_with("/*") && !is_file(path) {
        (
            "names a folder",
            format!("write `{bare}/*` for all files below it, or name a file that ends in `.yaml`"),
        )
    } else if is_allowlist_path(path) {
        return None;
    } else {
        ("is not an allowlist path", "write `dir/file.yaml` or `dir/*`".to_owned())
    };
    Some(fault)
}

/// Organization policies and cluster flags use schemes; a synchronizer has separate fields for them.
fn without_scheme(scheme: &str, rest: &str) -> String {
    match rest.split_once('/') {
        Some((bucket, path)) if scheme == "gs" && !matches!(path, "" | "*") => {
            format!("write `{path}`, and set `bucketName: {bucket}` and the `projectNumber` of its project")
        }
        _ if scheme == "gs" => {
            "write the path in the bucket, `dir/*` or `dir/file.yaml`, and set `bucketName` and `projectNumber`"
                .to_owned()
        }
        _ if rest == "*" => "write `dir/*` for each partner: a synchronizer must name each folder".to_owned(),
        _ => format!("write `{rest}`"),
    }
}

fn is_file(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
}

/// How certain it is that two paths of synchronizers own the same allowlist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    /// Certain.
    Certain,
    /// Only if `*` includes folders below, which GKE does not document.
    Likely,
}

pub(super) fn overlap(one: &str, other: &str) -> Option<Overlap> {
    if one == other {
        return Some(Overlap::Certain);
    }
    let within = |wild: &str, path: &str| {
        let below = path.strip_prefix(folder(wild)?)?;
        Some(if below.contains('/') { Overlap::Likely } else { Overlap::Certain })
    };
    within(one, other).or_else(|| within(other, one))
}

/// Returns why a relative path could leave its root, or mean something else on another system, and a help line.
pub(super) fn relative_path_fault(path: &str) -> Option<(&'static str, &'static str)> {
    const RELATIVE: &str = "write a relative path, separated by `/`";
    if path.starts_with('/') {
        return Some(("is absolute", RELATIVE));
    }
    if path.contains('\\') || path.contains(':') || path.chars().any(char::is_control) {
        return Some(("has a backslash, a colon or a control character", RELATIVE));
    }
    if path.split('/').any(|segment| segment == "..") {
        return Some(("leaves its root with `..`", "name a file or folder below it"));
    }
    if path.split('/').any(|segment| matches!(segment, "" | ".")) {
        return Some(("has an empty segment or `.`", "remove the trailing slash, `//` and `./`"));
    }
    None
}
