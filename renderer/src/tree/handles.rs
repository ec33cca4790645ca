//! Folders that a run holds open, so that not every file is reached anew from the root.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use cap_fs_ext::DirExt as _;
use cap_std::fs::Dir;

use super::path::ancestors;

/// So many folders are held open beside the root: those that were used last. Files come in the order of their paths, so
/// few are needed, and a handle lives for as long as a run is at work nearby.
const MOST: usize = 16;

pub(crate) struct Handles {
    root: Arc<Dir>,
    /// By path, the one used last at the end.
    open: Mutex<Vec<(String, Arc<Dir>)>>,
}

impl Handles {
    pub(crate) fn new(root: Dir) -> Self {
        Handles { root: Arc::new(root), open: Mutex::default() }
    }

    pub(crate) fn root(&self) -> &Dir {
        &self.root
    }

    /// A folder below the root. Each name of its path is opened from the folder above, and a link is refused.
    pub(crate) fn open(&self, folder: &str) -> io::Result<Arc<Dir>> {
        if folder.is_empty() {
            return Ok(Arc::clone(&self.root));
        }
        let (mut dir, known) = self.nearest(folder);
        for path in ancestors(folder).chain([folder]).filter(|path| path.len() > known) {
            let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
            dir = Arc::new(dir.open_dir_nofollow(name)?);
            self.keep(path, &dir);
        }
        Ok(dir)
    }

    /// Closes all: the next paths are walked from the root again.
    pub(crate) fn forget(&self) {
        self.locked().clear();
    }

    /// The folder itself or the nearest above it that is open, and the length of its path.
    fn nearest(&self, folder: &str) -> (Arc<Dir>, usize) {
        let mut open = self.locked();
        let above = |path: &str| {
            folder.strip_prefix(path).is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        let found = open.iter().enumerate().filter(|(_, (path, _))| above(path));
        match found.max_by_key(|(_, (path, _))| path.len()).map(|(index, _)| index) {
            None => (Arc::clone(&self.root), 0),
            Some(index) => {
                let entry = open.remove(index);
                let found = (Arc::clone(&entry.1), entry.0.len());
                open.push(entry);
                found
            }
        }
    }

    fn keep(&self, path: &str, dir: &Arc<Dir>) {
        let mut open = self.locked();
        open.retain(|(other, _)| other != path);
        if open.len() == MOST {
            open.remove(0);
        }
        open.push((path.to_owned(), Arc::clone(dir)));
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Vec<(String, Arc<Dir>)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
