//! Paths in files that are relative to the folder of the file.

use std::path::{Component, Path, PathBuf};

/// Returns a path that is relative to a folder as one that is relative to the working directory.
pub(crate) fn resolve(folder: &Path, path: &str) -> PathBuf {
    let joined = folder.join(path);
    let tidy = tidy(&joined);
    // Behind a link, `..` is another folder.
    let is_same =
        tidy.canonicalize().is_ok_and(|tidy| joined.canonicalize().is_ok_and(|joined| joined == tidy));
    let path = if is_same { tidy } else { joined };
    // Elsewhere, `-` is stdin.
    if path == Path::new("-") { Path::new(".").join(path) } else { path }
}

/// Removes `.` and `folder/..`, so that one file has one name in reports.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidy.components().next_back(), Some(Component::Normal(_))) => {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{resolve, tidy};

    #[test]
    fn a_path_has_one_name() {
        for (path, expected) in [
            ("tests/../allowlists/a.yaml", "allowlists/a.yaml"),
            ("./a/./b", "a/b"),
            ("../../a", "../../a"),
            ("a/../../b", "../b"),
            ("/a/../b", "/b"),
        ] {
            assert_eq!(tidy(Path::new(path)), Path::new(expected));
        }
    }

    #[test]
    fn a_link_is_followed_before_a_parent() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir_all(root.join("elsewhere/tests")).expect("a folder");
        fs::write(root.join("elsewhere/a.yaml"), "").expect("a file");
        std::os::unix::fs::symlink(root.join("elsewhere/tests"), root.join("tests")).expect("a link");
        assert_eq!(resolve(&root.join("tests"), "../a.yaml"), root.join("tests/../a.yaml"));
        fs::write(root.join("elsewhere/tests/b.yaml"), "").expect("a file");
        assert_eq!(resolve(&root.join("tests"), "./b.yaml"), root.join("tests/b.yaml"));
        assert_eq!(resolve(Path::new(""), "-"), Path::new("./-"));
    }
}
