//! The output folder itself. Its path comes from the caller and may contain links, unlike paths below it.

use std::path::Path;
use std::{fs, io};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::error::io_error;
use super::folder::Folder;
use hallpass_document::Diagnostic;

/// Opens the folder, if it exists.
pub(crate) fn open(out: &Path) -> Result<Option<Folder>, Diagnostic> {
    match Dir::open_ambient_dir(out, ambient_authority()) {
        Ok(dir) => Ok(Some(Folder::new(dir))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("", "opened", &error)),
    }
}

/// Opens the folder, and creates it if it does not exist.
pub(crate) fn open_or_make(out: &Path) -> Result<Folder, Diagnostic> {
    if let Some(folder) = open(out)? {
        return Ok(folder);
    }
    fs::create_dir_all(out).map_err(|error| io_error("", "created", &error))?;
    open(out)?.ok_or_else(|| Diagnostic::of_file("", "the folder was removed during the run"))
}
