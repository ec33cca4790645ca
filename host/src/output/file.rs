//! Writes output files: whole, or not at all.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Problem;
use crate::input::plain;

/// Writes a file atomically: a program that reads it at the same time finds the old contents or the new ones. A pipe or a
/// device is written directly.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Box<Problem>> {
    replace(path, bytes).map_err(|error| {
        let message = format!("cannot be written: {}", plain(&error));
        let problem = Problem::new(&path.display().to_string(), message);
        Box::new(problem.help("use a file in an existing, writable folder"))
    })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if is_stream(path) {
        return OpenOptions::new().append(true).open(path)?.write_all(bytes);
    }
    // Links stay: their target is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let mut builder = tempfile::Builder::new();
    let permissions = path.metadata().map(|metadata| metadata.permissions());
    #[cfg(unix)]
    // The default mode of new files, because other users may read the file.
    let permissions =
        permissions.or_else(|_| io::Result::Ok(std::os::unix::fs::PermissionsExt::from_mode(0o644)));
    if let Ok(permissions) = permissions {
        builder.permissions(permissions);
    }
    let mut file: NamedTempFile = builder.tempfile_in(folder(&path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

/// Whether a path is a pipe, a device, or a name of an open file such as `/dev/stderr`. Replacing the file that a shell
/// writes stderr to would lose its contents.
fn is_stream(path: &Path) -> bool {
    let is_open_file = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    is_open_file || path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir())
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

    use super::{identity, write};

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

    #[test]
    fn names_of_one_file_are_equal_before_it_exists() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, dotted) = (folder.path().join("a"), folder.path().join("./a"));
        assert_eq!(identity(&plain), identity(&dotted));
        assert_ne!(identity(&plain), identity(&folder.path().join("b")));
    }
}
