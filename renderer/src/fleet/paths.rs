//! Valid paths of allowlists and files.

use hallpass_policy::synchronizer::{LONGEST_PATH, folder, is_allowlist_path, is_path_character};

/// Returns why `path` is not an allowlist path, and a help line.
pub(super) fn allowlist_path_fault(path: &str) -> Option<(&'static str, String)> {
    if is_allowlist_path(path) {
        return None;
    }
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
    } else if path.chars().any(|c| !matches!(c, '/' | '*') && !is_path_character(c)) {
        (
            "has a character other than ASCII letters, digits, `.`, `_` and `-`",
            "write the path as it is in the repository; in your bucket, rename the file or folder".to_owned(),
        )
    } else if path.split('/').any(|segment| segment.starts_with('.')) {
        ("has a segment that starts with a dot", "rename the file or folder in your bucket".to_owned())
    } else if path.len() > LONGEST_PATH {
        ("is too long", format!("use at most {LONGEST_PATH} characters"))
    } else {
        (
            "names a folder",
            format!("write `{bare}/*` for all files below it, or name a file that ends in `.yaml`"),
        )
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
