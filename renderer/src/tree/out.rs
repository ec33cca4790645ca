//! The output folder itself. Its path is the caller's, and may lead through links, unlike any path below it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::fault::Fault;
use super::folder::Folder;

/// The folder, if it is there.
pub(crate) fn open(out: &Path) -> Result<Option<Folder>, Fault> {
    match Dir::open_ambient_dir(out, ambient_authority()) {
        Ok(dir) => Ok(Some(Folder::new(dir))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::io("", "opened", &error)),
    }
}

/// Makes the folder and those above it, and says which.
pub(crate) fn make(out: &Path) -> Result<Vec<PathBuf>, Fault> {
    let missing = out.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let mut missing: Vec<_> = missing.map(Path::to_path_buf).collect();
    missing.reverse();
    for (index, folder) in missing.iter().enumerate() {
        if let Err(error) = fs::create_dir(folder) {
            for made in missing.iter().take(index).rev() {
                let _ = fs::remove_dir(made);
            }
            return Err(Fault::io("", "made", &error));
        }
    }
    Ok(missing)
}
