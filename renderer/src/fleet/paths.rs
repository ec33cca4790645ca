//! Paths of allowlists, and paths of files: what may be written.

use hallpass_policy::synchronizer::{folder, is_allowlist_path};

/// Why a synchronizer or a policy cannot name `path`, and what to do. The grammar is GKE's: `dir/file.yaml` or `dir/*`.
pub(super) fn allowlist_path_fault(path: &str) -> Option<(&'static str, String)> {
    let bare = path.trim_matches('/');
    let fault = if path.is_empty() {
        ("is empty", "write `dir/file.yaml` or `dir/*`".to_owned())
    } else if let Some((scheme, rest)) = path.split_once("://") {
        ("has a scheme", without_scheme(scheme, rest.trim_start_matches('/')))
    } else if path.starts_with('/') {
        ("begins with a slash", format!("write `{bare}`"))
    } else if path.split('/').any(|step| matches!(step, "." | "..")) {
        ("has a step `.` or `..`", "write the path from the root of the repository or bucket".to_owned())
    } else if path.contains("//") {
        ("has an empty step", "write one slash between two steps".to_owned())
    } else if path.strip_suffix("/*").unwrap_or(path).contains('*') {
        (
            "has a `*` that is not its whole last step",
            "write `dir/*`, which stands for all below `dir`".to_owned(),
        )
    } else if path.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        (
            "has a space, a backslash or a control character",
            "write the path as the repository has it".to_owned(),
        )
    } else if !path.ends_with("/*") && !is_file(path) {
        ("names a folder", format!("write `{bare}/*` for all below it, or name a file that ends in `.yaml`"))
    } else if is_allowlist_path(path) {
        return None;
    } else {
        ("is no path of an allowlist", "write `dir/file.yaml` or `dir/*`".to_owned())
    };
    Some(fault)
}

/// Organization policies and cluster flags write schemes; a synchronizer has fields of its own for them.
fn without_scheme(scheme: &str, rest: &str) -> String {
    match rest.split_once('/') {
        Some((bucket, path)) if scheme == "gs" && !matches!(path, "" | "*") => {
            format!("write `{path}`, and beside it `bucketName: {bucket}` with the `projectNumber` of its project")
        }
        _ if scheme == "gs" => {
            "write the path in the bucket, `dir/*` or `dir/file.yaml`, and beside it `bucketName` and `projectNumber`"
                .to_owned()
        }
        _ if rest == "*" => "write `dir/*` for each partner: a synchronizer names what it installs".to_owned(),
        _ => format!("write `{rest}`"),
    }
}

fn is_file(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
}

/// How two paths of synchronizers can own the same allowlist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    /// They surely do.
    Certain,
    /// They do if `*` reaches into folders below, on which the public record is silent.
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

/// Why a path of a folder or file could leave the tree that it is relative to, or mean another on another machine.
pub(super) fn relative_path_fault(path: &str) -> Option<(&'static str, &'static str)> {
    const RELATIVE: &str = "write a relative path, with `/` between its parts";
    if path.starts_with('/') {
        return Some(("is absolute", RELATIVE));
    }
    if path.contains('\\') || path.contains(':') || path.chars().any(char::is_control) {
        return Some(("has a backslash, a colon or a control character", RELATIVE));
    }
    if path.split('/').any(|step| step == "..") {
        return Some(("leads out with `..`", "name something below"));
    }
    if path.split('/').any(|step| matches!(step, "" | ".")) {
        return Some(("has an empty step or `.`", "write it without a slash at its end, `//` and `./`"));
    }
    None
}
