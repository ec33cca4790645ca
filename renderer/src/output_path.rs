//! Valid paths of a tree: those that name the same file on every system.
//!
//! Paths come from a fleet, the lock file and pending lock files. Anyone who can open a pull request can change the
//! last two. The same strict rule applies to all: a valid path has only one spelling, even on file systems that ignore
//! case or normalize Unicode, and never leads out of the folder or into `.git`.

use std::collections::HashMap;

use hallpass_document::visible;

/// The path of the lock file. Tools that apply manifests ignore files with this extension.
pub const LOCK: &str = "hallpass.lock";

/// The maximum length of a path, in bytes.
pub(crate) const LONGEST: usize = 512;
const LONGEST_NAME: usize = 200;

/// Returns why a path is not valid, as a predicate with the path as its subject, or `None` if it is valid.
///
/// A path is relative, with `/` between names of ASCII letters, digits, `.`, `_` and `-`. No name starts or ends with a
/// dot, or is a Windows device. [`LOCK`] is reserved.
#[must_use]
pub fn unfit(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("is empty".to_owned());
    }
    if path.len() > LONGEST {
        return Some(format!("is longer than {LONGEST} bytes"));
    }
    if path.starts_with('/') {
        return Some("starts with `/`: paths are relative to the output folder".to_owned());
    }
    if let Some(reason) = path.split('/').find_map(unfit_name) {
        return Some(reason);
    }
    path.eq_ignore_ascii_case(LOCK).then(|| "is the lock file's own path".to_owned())
}

fn unfit_name(name: &str) -> Option<String> {
    let strange = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if name.is_empty() {
        Some("has an empty name next to a `/`".to_owned())
    } else if matches!(name, "." | "..") {
        Some(format!("contains `{name}`"))
    } else if let Some(c) = name.chars().find(strange) {
        let c = c.to_string();
        let c = visible(&c);
        Some(format!(
            "contains `{c}`: only ASCII letters, digits, `.`, `_` and `-` name the same file on every system"
        ))
    } else if name.starts_with('.') {
        Some(format!("contains `{name}`: hallpass does not write names that start with a dot"))
    } else if name.ends_with('.') {
        Some(format!("contains `{name}`: Windows drops the trailing dot"))
    } else if is_device(name) {
        Some(format!("contains `{name}`: a device name on Windows"))
    } else if name.len() > LONGEST_NAME {
        Some(format!("contains a name longer than {LONGEST_NAME} bytes"))
    } else {
        None
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |prefix| stem.strip_prefix(prefix).is_some_and(|n| n.len() == 1 && n != "0");
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// Returns the folders above a path, outermost first.
pub(crate) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(end, _)| path.get(..end))
}

/// A conflict between two paths on some file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Collision {
    /// Duplicate paths.
    Twice(String),
    /// The same file on file systems that ignore case.
    Case(String, String),
    /// The first is a file, and the second needs a folder with that name.
    Folder(String, String),
}

/// Returns the first collision between paths.
pub(crate) fn collision<'p>(paths: impl IntoIterator<Item = &'p str>) -> Option<Collision> {
    let mut files = HashMap::new();
    let mut folders: HashMap<String, (&str, &str)> = HashMap::new();
    for path in paths {
        if let Some(other) = files.insert(path.to_ascii_lowercase(), path) {
            let (other, path) = (other.to_owned(), path.to_owned());
            return Some(if other == path { Collision::Twice(path) } else { Collision::Case(other, path) });
        }
        for folder in ancestors(path) {
            let (first, below) = *folders.entry(folder.to_ascii_lowercase()).or_insert((folder, path));
            if first != folder {
                return Some(Collision::Case(below.to_owned(), path.to_owned()));
            }
        }
    }
    files
        .iter()
        .filter_map(|(key, file)| Some((file, folders.get(key)?.1)))
        .min()
        .map(|(file, below)| Collision::Folder((*file).to_owned(), below.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Collision, collision, unfit};

    #[test]
    fn plain_paths_are_fit() {
        for path in ["a", "clusters/prod-1/acme_agent/kustomization.yaml", "A/b.c", "com10/x", "console.yaml"]
        {
            assert_eq!(unfit(path), None, "{path}");
        }
    }

    #[test]
    fn every_other_path_is_told_why() {
        let charset = "only ASCII letters, digits, `.`, `_` and `-` name the same file on every system";
        let cases = [
            ("", "is empty".to_owned()),
            ("/etc/passwd", "starts with `/`: paths are relative to the output folder".to_owned()),
            ("a//b", "has an empty name next to a `/`".to_owned()),
            ("a/", "has an empty name next to a `/`".to_owned()),
            ("../a", "contains `..`".to_owned()),
            ("a/../../b", "contains `..`".to_owned()),
            ("./a", "contains `.`".to_owned()),
            ("a\\b", format!("contains `\\`: {charset}")),
            ("C:a", format!("contains `:`: {charset}")),
            ("a\0b", format!("contains `\\u{{0}}`: {charset}")),
            ("größe", format!("contains `ö`: {charset}")),
            ("git~1/hooks", format!("contains `~`: {charset}")),
            (
                ".git/config",
                "contains `.git`: hallpass does not write names that start with a dot".to_owned(),
            ),
            ("a/.Git/x", "contains `.Git`: hallpass does not write names that start with a dot".to_owned()),
            ("a./b", "contains `a.`: Windows drops the trailing dot".to_owned()),
            ("a/NUL.yaml", "contains `NUL.yaml`: a device name on Windows".to_owned()),
            ("com1", "contains `com1`: a device name on Windows".to_owned()),
            ("hallpass.lock", "is the lock file's own path".to_owned()),
            ("HallPass.Lock", "is the lock file's own path".to_owned()),
        ];
        for (path, reason) in cases {
            assert_eq!(unfit(path), Some(reason), "{path}");
        }
        let long = |path: &str| unfit(path).unwrap_or_default();
        assert_eq!(long(&"a".repeat(201)), "contains a name longer than 200 bytes");
        assert_eq!(long(&"a/".repeat(257)), "is longer than 512 bytes");
    }

    #[test]
    fn paths_that_meet_on_some_disk_are_found() {
        let owned = str::to_owned;
        assert_eq!(collision(["a/b", "a/c", "b"]), None);
        assert_eq!(collision(["a", "b", "a"]), Some(Collision::Twice(owned("a"))));
        assert_eq!(collision(["a/B", "a/b"]), Some(Collision::Case(owned("a/B"), owned("a/b"))));
        assert_eq!(collision(["A/x", "a/y"]), Some(Collision::Case(owned("A/x"), owned("a/y"))));
        assert_eq!(collision(["a/b/c", "a/b"]), Some(Collision::Folder(owned("a/b"), owned("a/b/c"))));
        assert_eq!(collision(["a", "A/b"]), Some(Collision::Folder(owned("a"), owned("A/b"))));
    }
}
