//! The output folder itself. Its path is the caller's, and may lead through links, unlike any path below it.

use std::path::Path;
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

/// The folder, which is made if it is not there.
pub(crate) fn open_or_make(out: &Path) -> Result<Folder, Fault> {
    if let Some(folder) = open(out)? {
        return Ok(folder);
    }
    fs::create_dir_all(out).map_err(|error| Fault::io("", "made", &error))?;
    open(out)?.ok_or_else(|| Fault::new("", "the folder was removed during the run"))
}
