//! Writes output files: whole, or not at all.

#[cfg(unix)]
use std::fs::File;
use std::fs::{Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use hallpass_document::listed;
use tempfile::NamedTempFile;

use super::Problem;
use crate::input::plain;

/// Writes a file atomically: a program that reads it at the same time finds the old contents or the new ones. A pipe or a
/// device is written directly.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Box<Problem>> {
    if is_stream(path) {
        let written = OpenOptions::new().append(true).open(path).and_then(|mut file| file.write_all(bytes));
        return written.map_err(|error| unwritten(path, &error));
    }
    replace(path, bytes)
}

/// Replaces the file that a text was read from, atomically. A pipe or a device has no contents to replace.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Box<Problem>> {
    let (new, target) = beside(path, bytes).map_err(|error| unwritten(path, &error))?;
    new.persist(target).map(drop).map_err(|error| unwritten(path, &error.error))
}

/// Replaces a file, unless it has changed since it was read, for example in an editor. `done` ends the message: "it is not
/// fixed" for `fixed`.
pub(crate) fn replace_read(name: &str, old: &[u8], new: &[u8], done: &str) -> Result<(), Box<Problem>> {
    let path = Path::new(name);
    if !std::fs::read(path).is_ok_and(|bytes| bytes == old) {
        let message = format!("the file has changed since it was read, so it is not {done}");
        return Err(Box::new(Problem::new(name, message).help("run this again")));
    }
    replace(path, new)
}

/// Replaces files, or none of them if one cannot be written. It writes all files next to the old ones first. If the system then
/// refuses to replace one, the files before it are replaced, and the problem names them.
pub(crate) fn replace_all(files: &[(&Path, &[u8])]) -> Result<(), Box<Problem>> {
    let mut written = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let (new, target) = beside(path, bytes).map_err(|error| unwritten(path, &error))?;
        written.push((*path, new, target));
    }
    let mut replaced = Vec::new();
    for (path, new, target) in written {
        if let Err(error) = new.persist(target) {
            let problem = unwritten(path, &error.error);
            return Err(match replaced.is_empty() {
                true => problem,
                false => Box::new(problem.help(format!("already replaced: {}", listed(replaced, "and")))),
            });
        }
        replaced.push(format!("`{}`", path.display()));
    }
    Ok(())
}

/// Returns the reason why an option cannot replace the files at these paths, if any.
pub(crate) fn irreplaceable<'p>(
    option: &str,
    paths: impl IntoIterator<Item = &'p PathBuf>,
) -> Option<String> {
    paths.into_iter().find_map(|path| {
        let what = match path {
            stdin if stdin == Path::new("-") => "stdin",
            stream if is_stream(stream) => "an open file, a pipe or a device",
            _ => return None,
        };
        Some(format!("`{option}` replaces files, but `{}` is {what}: name regular files", path.display()))
    })
}

fn unwritten(path: &Path, error: &io::Error) -> Box<Problem> {
    let message = format!("cannot be written: {}", plain(error));
    let help = match error.kind() {
        io::ErrorKind::PermissionDenied => "check the mode and the owner of the file and of its folder",
        io::ErrorKind::Other => "name a regular file",
        _ => "use a file in an existing, writable folder",
    };
    Box::new(Problem::new(&path.display().to_string(), message).help(help))
}

/// Writes a new file next to an old one, with its mode, and with its owner if the system allows. Returns it with the path of
/// the old one. Other hard links to the old file will keep the old contents.
fn beside(path: &Path, bytes: &[u8]) -> io::Result<(NamedTempFile, PathBuf)> {
    if is_stream(path) {
        return Err(io::Error::other("not a regular file"));
    }
    // A link stays: its target is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let replaced = path.metadata().ok();
    let mut builder = tempfile::Builder::new();
    if let Some(replaced) = &replaced {
        require_writable(&path, replaced)?;
        builder.permissions(replaced.permissions());
    } else {
        #[cfg(unix)]
        // The default mode of new files, because other users may read the file.
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    }
    let mut file: NamedTempFile = builder.tempfile_in(folder(&path))?;
    #[cfg(unix)]
    if let Some(replaced) = &replaced {
        keep_owner(file.as_file(), replaced);
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok((file, path))
}

/// Requires that the old file is writable. A new file needs only a writable folder, but the mode of the old one must count.
fn require_writable(path: &Path, replaced: &Metadata) -> io::Result<()> {
    // Root may open read-only files.
    if replaced.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    OpenOptions::new().write(true).open(path).map(drop)
}

#[cfg(unix)]
fn keep_owner(file: &File, replaced: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    // Only root may change the owner, and a user may only choose one of their groups.
    let _ = fchown(file, None, Some(replaced.gid()));
    let _ = fchown(file, Some(replaced.uid()), None);
}

/// Whether a path is a pipe, a device, or a name of an open file such as `/dev/stderr`. Replacing the file that a shell
/// writes stderr to would lose its contents.
fn is_stream(path: &Path) -> bool {
    is_open_file(path) || path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Whether a path leads to a descriptor of a process: `/dev/stdin` is a link to `/proc/self/fd/0`.
fn is_open_file(path: &Path) -> bool {
    /// More links than a system follows.
    const MAX_LINKS: usize = 64;
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        let Ok(real) = folder(&path).canonicalize() else { return false };
        if real.starts_with("/proc") || real.starts_with("/dev/fd") {
            return true;
        }
        let Ok(target) = path.read_link() else { return false };
        path = real.join(target);
    }
    false
}

/// Returns a path by which two names of one file are equal, whether or not it exists.
pub(crate) fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| match (folder(path).canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_path_buf(),
    })
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{identity, irreplaceable, replace, replace_all, write};

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report");
        fs::write(&file, "old and longer").unwrap();
        write(&file, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_keeps_its_folder_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let problem = write(folder.path(), b"new").unwrap_err();
        assert!(problem.message.starts_with("cannot be written: "), "{}", problem.message);
        let problem = write(&folder.path().join("missing/report"), b"new").unwrap_err();
        assert_eq!(problem.message, "cannot be written: no such file or directory");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn all_files_are_replaced_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("1"), folder.path().join("2"));
        fs::write(&one, "old").unwrap();
        for unwritable in [folder.path().join("missing/2"), "/dev/null".into()] {
            let problem = replace_all(&[(&one, b"new"), (&unwritable, b"new")]).unwrap_err();
            assert_eq!(problem.file, unwritable.display().to_string());
            assert_eq!(fs::read(&one).unwrap(), b"old");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
        replace_all(&[(&one, b"new"), (&two, b"new")]).unwrap();
        assert_eq!((fs::read(&one).unwrap(), fs::read(&two).unwrap()), (b"new".into(), b"new".into()));
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_is_found_before_anything_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (one, below) = (folder.path().join("1"), folder.path().join("below"));
        fs::create_dir(&below).unwrap();
        let problem = replace_all(&[(&one, b"new"), (&below, b"new")]).unwrap_err();
        assert_eq!(problem.file, below.display().to_string());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("report"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink("report", &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(identity(&link), identity(&file));
        write("/dev/null".as_ref(), b"new").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, null] = ["a.yaml", "link", "null"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink("a.yaml", &link).unwrap();
        std::os::unix::fs::symlink("/dev/null", &null).unwrap();
        assert_eq!(irreplaceable("--fix", [&file, &link, &folder.path().to_path_buf()]), None);
        assert_eq!(irreplaceable("--fix", [&folder.path().join("missing")]), None);
        assert_eq!(
            irreplaceable("--fix", [&file, &"-".into()]).unwrap(),
            "`--fix` replaces files, but `-` is stdin: name regular files"
        );
        for stream in ["/dev/null".into(), null] {
            let problem = replace(&stream, b"new").unwrap_err();
            assert_eq!(problem.message, "cannot be written: not a regular file");
            let message = irreplaceable("--fix", [&stream]).unwrap();
            assert!(
                message.ends_with("is an open file, a pipe or a device: name regular files"),
                "{message}"
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_descriptor_is_not_the_file_that_it_refers_to() {
        use std::os::fd::AsRawFd as _;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.yaml"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        let file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        let number = file.as_raw_fd();
        std::os::unix::fs::symlink(format!("/dev/fd/{number}"), &link).unwrap();
        for name in [format!("/dev/fd/{number}"), format!("/proc/self/fd/{number}")] {
            assert!(replace(name.as_ref(), b"new").is_err(), "{name}");
            write(name.as_ref(), b" and new").unwrap();
        }
        assert!(replace(&link, b"new").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old and new and new");
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_file_is_not_replaced() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        let problem = write(&file, b"new").unwrap_err();
        assert_eq!(problem.message, "cannot be written: the file is read-only");
        assert_eq!(fs::read(&file).unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn the_new_file_has_the_mode_and_the_owner_of_the_old_one() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        // Root can change the owner; for other users, it stays anyway.
        let _ = chown(&file, Some(1234), Some(1235));
        let kept = |file: &std::path::Path| {
            let metadata = file.metadata().unwrap();
            (metadata.mode(), metadata.uid(), metadata.gid())
        };
        let before = kept(&file);
        write(&file, b"new").unwrap();
        assert_eq!(kept(&file), before);
    }

    #[test]
    fn names_of_one_file_are_equal_before_it_exists() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, dotted) = (folder.path().join("a"), folder.path().join("./a"));
        assert_eq!(identity(&plain), identity(&dotted));
        assert_ne!(identity(&plain), identity(&folder.path().join("b")));
    }
}
