//! A folder on disk. Each segment of a path is opened relative to the folder above, and links are refused, so
//! concurrent changes to the path cannot redirect an operation.

use std::fs::TryLockError;
use std::io::ErrorKind::{
    AlreadyExists, DirectoryNotEmpty, InvalidInput, NotADirectory, NotFound, WouldBlock,
};
use std::io::{self, Read as _, Write as _};

use cap_fs_ext::{DirExt as _, FollowSymlinks, MetadataExt as _, OpenOptionsFollowExt as _};
use cap_std::fs::{Dir, File, Metadata, OpenOptions};

use super::disk::{Disk, Entry, LARGEST, Look, Other};
use crate::output_path::ancestors;

pub(crate) struct Folder(Dir);

impl Folder {
    pub(crate) fn new(root: Dir) -> Self {
        Folder(root)
    }

    fn open(&self, folder: &str) -> io::Result<Dir> {
        folder.split_terminator('/').try_fold(self.0.try_clone()?, |dir, name| dir.open_dir_nofollow(name))
    }

    /// Returns the parent folder of a path, and the file name.
    fn parent<'p>(&self, path: &'p str) -> io::Result<(Dir, &'p str)> {
        let (folder, name) = split(path);
        Ok((self.open(folder)?, name))
    }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.follow(FollowSymlinks::No);
    options
}

/// Returns `None` if the entry does not exist.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == NotFound => Ok(None),
        result => result.map(Some),
    }
}

impl Look for Folder {
    fn look(&self, path: &str) -> io::Result<Entry> {
        let other = |at: &str, what| Ok(Entry::Other { at: at.to_owned(), what });
        let mut dir = self.0.try_clone()?;
        for above in ancestors(path) {
            let (_, name) = split(above);
            match found(dir.symlink_metadata(name))? {
                None => return Ok(Entry::Absent),
                Some(metadata) if metadata.is_symlink() => return other(above, Other::Link),
                Some(metadata) if !metadata.is_dir() => return other(above, Other::NoFolder),
                Some(_) => {}
            }
            match found(dir.open_dir_nofollow(name))? {
                None => return Ok(Entry::Absent),
                Some(below) => dir = below,
            }
        }
        let (_, name) = split(path);
        let Some(metadata) = found(dir.symlink_metadata(name))? else { return Ok(Entry::Absent) };
        if let Some(what) = no_file(&metadata) {
            return other(path, what);
        }
        let Some(file) = found(dir.open_with(name, options().read(true)))? else { return Ok(Entry::Absent) };
        // One extra byte, so that reading detects the end without reallocating.
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).map_or(0, |length| length + 1));
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST { other(path, Other::Large) } else { Ok(Entry::File(bytes)) }
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let Some(dir) = found(self.open(folder))? else { return Ok(Vec::new()) };
        let names = dir.entries()?.map(|entry| Ok(entry?.file_name().into_string().ok()));
        names.filter_map(io::Result::transpose).collect()
    }
}

fn no_file(metadata: &Metadata) -> Option<Other> {
    if metadata.is_symlink() {
        Some(Other::Link)
    } else if metadata.is_dir() {
        Some(Other::Folder)
    } else if !metadata.is_file() {
        Some(Other::Special)
    } else if metadata.len() > LARGEST {
        Some(Other::Large)
    } else {
        None
    }
}

impl Disk for Folder {
    fn make_folder(&self, path: &str) -> io::Result<()> {
        let (dir, name) = self.parent(path)?;
        match dir.create_dir(name) {
            Err(error) if error.kind() != AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    fn create(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let (dir, name) = self.parent(path)?;
        dir.open_with(name, options().write(true).create_new(true))?.write_all(bytes)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (from_dir, from) = self.parent(from)?;
        let (to_dir, to) = self.parent(to)?;
        from_dir.rename(from, &to_dir, to)
    }

    fn remove_file(&self, path: &str) -> io::Result<()> {
        let (dir, name) = self.parent(path)?;
        dir.remove_file(name)
    }

    fn remove_folder(&self, path: &str) -> io::Result<()> {
        match self.parent(path).and_then(|(dir, name)| dir.remove_dir(name)) {
            Err(error) if !matches!(error.kind(), NotFound | DirectoryNotEmpty | NotADirectory) => Err(error),
            _ => Ok(()),
        }
    }

    fn sync(&self, paths: &[String]) -> io::Result<()> {
        if paths.len() > MANY && self.sync_all()? {
            return Ok(());
        }
        paths.iter().try_for_each(|path| {
            let (dir, name) = self.parent(path)?;
            // A folder that is opened only for its paths cannot be synced.
            let name = if name.is_empty() { "." } else { name };
            dir.open_with(name, options().read(true))?.sync_all()
        })
    }

    fn hold(&self, path: &str) -> io::Result<std::fs::File> {
        let (dir, name) = self.parent(path)?;
        // Opening a pipe could block forever.
        if found(dir.symlink_metadata(name))?.is_some_and(|metadata| !metadata.is_file()) {
            return Err(InvalidInput.into());
        }
        let file = dir.open_with(name, options().write(true).create(true))?;
        lock(&dir, name, file)
    }
}

/// Locks a file that was opened as `name`. The run that held the lock may have removed the file in the meantime: a lock
/// on a file without a name excludes no other run.
pub(crate) fn lock(dir: &Dir, name: &str, file: File) -> io::Result<std::fs::File> {
    let ours = file.metadata()?;
    let file = file.into_std();
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => WouldBlock.into(),
        TryLockError::Error(error) => error,
    })?;
    let there = dir.symlink_metadata(name)?;
    if (there.dev(), there.ino()) == (ours.dev(), ours.ino()) { Ok(file) } else { Err(NotFound.into()) }
}

/// From this number of files and folders on, syncing the whole file system is faster than syncing each one.
const MANY: usize = 64;

impl Folder {
    /// Waits until the whole file system would survive a power loss; returns false where this is not supported.
    #[cfg(target_os = "linux")]
    fn sync_all(&self) -> io::Result<bool> {
        rustix::fs::syncfs(self.0.open_with(".", options().read(true))?)?;
        Ok(true)
    }

    #[cfg(not(target_os = "linux"))]
    fn sync_all(&self) -> io::Result<bool> {
        Ok(false)
    }
}
