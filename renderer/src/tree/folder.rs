//! A real folder. Each name of a path is opened by itself from the folder above, which is held open, and a link is
//! refused: nothing that happens to the path meanwhile can turn an operation to another place. What was opened last
//! stays open for the files beside it, until the run forgets it.

use std::fs::TryLockError;
use std::io::{self, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::UNIX_EPOCH;

use cap_fs_ext::{FollowSymlinks, MetadataExt as _, OpenOptionsFollowExt as _};
use cap_std::fs::{Dir, Metadata, OpenOptions, Permissions};

use super::disk::{Disk, Entry, Found, Held, Hold, Identity, LARGEST, Look, Other};
use super::handles::Handles;
use super::path::ancestors;

pub(crate) struct Folder(Handles);

impl Folder {
    pub(crate) fn new(root: Dir) -> Self {
        Folder(Handles::new(root))
    }

    /// The folder that holds a path, and the path's name there.
    fn parent<'p>(&self, path: &'p str) -> io::Result<(Arc<Dir>, &'p str)> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok((self.0.open(folder)?, name))
    }

    /// Why the folder that holds a path cannot be opened.
    fn obstacle(&self, path: &str) -> io::Result<Option<Entry>> {
        for above in ancestors(path) {
            let (dir, name) = self.parent(above)?;
            let what = match dir.symlink_metadata(name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(Entry::Absent)),
                Err(error) => return Err(error),
                Ok(metadata) if metadata.is_dir() => continue,
                Ok(metadata) if metadata.is_symlink() => Other::Link,
                Ok(_) => Other::NoFolder,
            };
            return Ok(Some(Entry::Other { at: above.to_owned(), what }));
        }
        Ok(None)
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.follow(FollowSymlinks::No);
    options
}

impl Look for Folder {
    fn look(&self, path: &str) -> io::Result<Entry> {
        let (dir, name) = match self.parent(path) {
            Ok(parent) => parent,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entry::Absent),
            Err(error) => return self.obstacle(path)?.ok_or(error),
        };
        let metadata = match dir.symlink_metadata(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entry::Absent),
            metadata => metadata?,
        };
        if let Some(what) = other(&metadata) {
            return Ok(Entry::Other { at: path.to_owned(), what });
        }
        let file = dir.open_with(name, options().read(true))?;
        // One more, so that the end is found without more room.
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).map_or(0, |length| length + 1));
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            return Ok(Entry::Other { at: path.to_owned(), what: Other::Large });
        }
        Ok(Entry::File(Found { bytes, permissions: metadata.permissions() }))
    }

    fn forget(&self) {
        self.0.forget();
    }
}

fn other(metadata: &Metadata) -> Option<Other> {
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
    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let dir = match self.0.open(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            dir => dir?,
        };
        let names = dir.entries()?.map(|entry| Ok(entry?.file_name().into_string().ok()));
        names.filter_map(io::Result::transpose).collect()
    }

    fn make_folder(&self, path: &str) -> io::Result<()> {
        let (dir, name) = self.parent(path)?;
        dir.create_dir(name)
    }

    fn create(&self, path: &str, bytes: &[u8], permissions: Option<&Permissions>) -> io::Result<()> {
        let (dir, name) = self.parent(path)?;
        let mut file = dir.open_with(name, options().write(true).create_new(true))?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions.clone())?;
        }
        file.write_all(bytes)
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
        // A folder that is gone must not be found again, and some systems keep what is open.
        self.0.forget();
        let (dir, name) = self.parent(path)?;
        dir.remove_dir(name)
    }

    fn sync(&self, files: &[String], folders: &[String]) -> io::Result<()> {
        if files.len() + folders.len() > MANY && self.sync_all()? {
            return Ok(());
        }
        at_once(files, |path| {
            let (dir, name) = self.parent(path)?;
            dir.open_with(name, options().read(true))?.sync_all()
        })?;
        // A folder that is held open for its paths alone cannot be waited for.
        at_once(folders, |path| self.0.open(path)?.open_with(".", options().read(true))?.sync_all())
    }

    fn hold(&self, path: &str) -> io::Result<Hold> {
        let (dir, name) = self.parent(path)?;
        match dir.symlink_metadata(name) {
            // Opening a pipe could wait for ever.
            Ok(metadata) if !metadata.is_file() => return Err(io::ErrorKind::InvalidInput.into()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = dir.open_with(name, options().write(true).create(true))?;
        lock(&dir, name, file)
    }
}

/// Locks a file that was opened as `name`. The run that held it before may have removed it meanwhile: a lock on what has
/// no name any more keeps nobody out.
pub(crate) fn lock(dir: &Dir, name: &str, file: cap_std::fs::File) -> io::Result<Hold> {
    let ours = file.metadata()?;
    let file = file.into_std();
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return Ok(Hold::Busy),
        Err(TryLockError::Error(error)) => return Err(error),
        Ok(()) => {}
    }
    match dir.symlink_metadata(name) {
        Ok(there) if (there.dev(), there.ino()) == (ours.dev(), ours.ino()) => {}
        Ok(_) => return Ok(Hold::Gone),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Hold::Gone),
        Err(error) => return Err(error),
    }
    let modified = ours.modified()?.into_std().duration_since(UNIX_EPOCH).unwrap_or_default();
    let modified = u64::try_from(modified.as_nanos()).unwrap_or(u64::MAX);
    Ok(Hold::Held(Held { identity: Identity { inode: ours.ino(), modified }, file }))
}

/// From so many files and folders on, one request to the file system is faster than one for each.
const MANY: usize = 256;

impl Folder {
    /// Waits until all of the file system would survive a loss of power; false where there is no such request.
    #[cfg(target_os = "linux")]
    fn sync_all(&self) -> io::Result<bool> {
        // A folder that is held open for its paths alone does not do.
        let root = self.0.root().open_with(".", options().read(true))?;
        rustix::fs::syncfs(&root)?;
        Ok(true)
    }

    #[cfg(not(target_os = "linux"))]
    fn sync_all(&self) -> io::Result<bool> {
        Ok(false)
    }
}

/// Journaling file systems commit what many threads wait for in one go: twenty times as fast as one by one.
fn at_once(paths: &[String], work: impl Fn(&str) -> io::Result<()> + Sync) -> io::Result<()> {
    const THREADS: usize = 16;
    let next = AtomicUsize::new(0);
    let worker = || {
        while let Some(path) = paths.get(next.fetch_add(1, Relaxed)) {
            work(path)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS.min(paths.len())).map(|_| scope.spawn(worker)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
    })
}
