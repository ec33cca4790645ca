//! Compares whole trees, file by file, with the folders next to their fleets.
//!
//! `UPDATE_TREES=1 cargo test --package hallpass-renderer trees` updates the folders: review the diff before you commit
//! it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{data, read, rendered, root};

/// Returns each fleet with the folder of its tree.
pub(crate) fn fleets() -> Vec<(PathBuf, PathBuf)> {
    let trees = data().join("trees");
    let mut fleets: Vec<_> = fs::read_dir(&trees)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|fleet| (fleet.clone(), fleet.with_extension("")))
        .collect();
    fleets.push((root().join("examples/fleet.yaml"), trees.join("example")));
    fleets.sort();
    fleets
}

fn files_below(folder: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

#[test]
fn the_example_gives_no_warning() {
    let text = fs::read_to_string(root().join("examples/fleet.yaml")).unwrap();
    let warnings = read(&text).unwrap().warnings;
    assert!(warnings.is_empty(), "{warnings:#?}");
}

#[test]
fn trees_are_as_recorded() {
    let update = std::env::var_os("UPDATE_TREES").is_some();
    for (source, folder) in fleets() {
        let files = rendered(&source);
        let made: BTreeMap<String, String> =
            files.iter().map(|file| (file.path.clone(), file.contents.clone())).collect();
        assert_eq!(made.len(), files.len(), "{}: two files have one path", source.display());
        if update {
            if folder.exists() {
                fs::remove_dir_all(&folder).unwrap();
            }
            for (path, contents) in &made {
                let path = folder.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, contents).unwrap();
            }
        }
        let recorded = files_below(&folder);
        let paths = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(paths(&made), paths(&recorded), "{}", source.display());
        for (path, contents) in &made {
            assert_eq!(contents, &recorded[path], "{path} of {}", source.display());
        }
    }
}

#[test]
fn the_example_has_no_warning() {
    let text = fs::read_to_string(root().join("examples/fleet.yaml")).unwrap();
    let warnings = read(&text).unwrap().warnings;
    assert!(warnings.is_empty(), "{warnings:#?}");
}
