//! Which paths a tree may have: those that are the same file on every system.
//!
//! Paths come from a fleet, from the lock file and from a journal, and the last two from anybody who can open a pull
//! request. One rule serves all three, and it is narrow: what it lets through has no second spelling, on a disk that
//! ignores case or one that normalises Unicode, and never leads out of the folder or into `.git`.

use std::collections::HashMap;

use hallpass_document::visible;

use crate::lock::LOCK;

/// The longest path, in bytes.
pub(crate) const LONGEST: usize = 512;
const LONGEST_NAME: usize = 200;

/// Says why a path cannot be one of the tree, as the end of a sentence that begins with the path; `None` if it can.
///
/// A path is relative, with `/` between names of ASCII letters, digits, `.`, `_` and `-`. No name begins or ends with
/// a dot, or is a device of Windows. [`LOCK`] is taken.
#[must_use]
pub fn unfit(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("is empty".to_owned());
    }
    if path.len() > LONGEST {
        return Some(format!("is longer than {LONGEST} bytes"));
    }
    if path.starts_with('/') {
        return Some("begins with `/`: paths are relative to the output folder".to_owned());
    }
    if let Some(reason) = path.split('/').find_map(unfit_name) {
        return Some(reason);
    }
    path.eq_ignore_ascii_case(LOCK).then(|| "is the lock file's own path".to_owned())
}

fn unfit_name(name: &str) -> Option<String> {
    let strange = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if name.is_empty() {
        Some("has an empty name beside a `/`".to_owned())
    } else if matches!(name, "." | "..") {
        Some(format!("holds `{name}`"))
    } else if let Some(c) = name.chars().find(strange) {
        let c = c.to_string();
        let c = visible(&c);
        Some(format!(
            "holds `{c}`: only ASCII letters, digits, `.`, `_` and `-` name the same file on every system"
        ))
    } else if name.starts_with('.') {
        Some(format!("holds `{name}`: names that begin with a dot are not ours to write"))
    } else if name.ends_with('.') {
        Some(format!("holds `{name}`: Windows drops the dot at its end"))
    } else if is_device(name) {
        Some(format!("holds `{name}`: a device on Windows"))
    } else if name.len() > LONGEST_NAME {
        Some(format!("holds a name longer than {LONGEST_NAME} bytes"))
    } else {
        None
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |prefix| stem.strip_prefix(prefix).is_some_and(|n| n.len() == 1 && n != "0");
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// The folders above a path, outermost first.
pub(crate) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(end, _)| path.get(..end))
}

/// What two paths do to each other on some disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Collision {
    /// The same path twice.
    Twice(String),
    /// One file where case does not count.
    Case(String, String),
    /// The first is a file, the second needs a folder there.
    Folder(String, String),
}

/// The first collision among paths.
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
            ("/etc/passwd", "begins with `/`: paths are relative to the output folder".to_owned()),
            ("a//b", "has an empty name beside a `/`".to_owned()),
            ("a/", "has an empty name beside a `/`".to_owned()),
            ("../a", "holds `..`".to_owned()),
            ("a/../../b", "holds `..`".to_owned()),
            ("./a", "holds `.`".to_owned()),
            ("a\\b", format!("holds `\\`: {charset}")),
            ("C:a", format!("holds `:`: {charset}")),
            ("a\0b", format!("holds `\\u{{0}}`: {charset}")),
            ("größe", format!("holds `ö`: {charset}")),
            ("git~1/hooks", format!("holds `~`: {charset}")),
            (".git/config", "holds `.git`: names that begin with a dot are not ours to write".to_owned()),
            ("a/.Git/x", "holds `.Git`: names that begin with a dot are not ours to write".to_owned()),
            ("a./b", "holds `a.`: Windows drops the dot at its end".to_owned()),
            ("a/NUL.yaml", "holds `NUL.yaml`: a device on Windows".to_owned()),
            ("com1", "holds `com1`: a device on Windows".to_owned()),
            ("hallpass.lock", "is the lock file's own path".to_owned()),
            ("HallPass.Lock", "is the lock file's own path".to_owned()),
        ];
        for (path, reason) in cases {
            assert_eq!(unfit(path), Some(reason), "{path}");
        }
        let long = |path: &str| unfit(path).unwrap_or_default();
        assert_eq!(long(&"a".repeat(201)), "holds a name longer than 200 bytes");
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
