//! Git repositories around a folder.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// The path of a repository's root within the repository.
pub(crate) const ROOT: &str = ".";

/// Returns the path of a folder within its Git repository, with `/` as the separator; `None` outside a repository.
/// The folder need not exist.
pub(crate) fn path_within(folder: &Path) -> Option<String> {
    let folder = resolved(folder)?;
    // A file in worktrees and submodules.
    let root = folder.ancestors().find(|above| above.join(".git").symlink_metadata().is_ok())?;
    let steps = folder.strip_prefix(root).ok()?.components().map(|step| match step {
        // With `None` for a name that is not UTF-8, the tree would seem to be outside of the repository.
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let steps: Vec<Cow<'_, str>> = steps.collect::<Option<_>>()?;
    Some(if steps.is_empty() { ROOT.to_owned() } else { steps.join("/") })
}

/// Returns an absolute path without links: of the part that exists, and the rest.
fn resolved(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).ok()?;
    absolute
        .ancestors()
        .find_map(|existing| Some(existing.canonicalize().ok()?.join(absolute.strip_prefix(existing).ok()?)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::path_within;

    #[test]
    fn a_folder_knows_its_path_in_its_repository() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let root = folder.path().join("repository");
        fs::create_dir_all(root.join("there")).expect("a folder");
        assert_eq!(path_within(&root), None);
        fs::write(root.join(".git"), "gitdir: elsewhere").expect("a file");
        for (below, expected) in
            [("", "."), ("there", "there"), ("new/tree", "new/tree"), ("there/new", "there/new")]
        {
            assert_eq!(path_within(&root.join(below)).as_deref(), Some(expected), "{below}");
        }
        let other = root.join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"n\xff"));
        assert_eq!(path_within(&other).as_deref(), Some("n\u{fffd}"), "it is not outside of a repository");
        std::os::unix::fs::symlink(root.join("there"), folder.path().join("link")).expect("a link");
        assert_eq!(path_within(&folder.path().join("link/new")).as_deref(), Some("there/new"));
    }
}
