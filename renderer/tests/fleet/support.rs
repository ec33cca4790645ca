//! Fleets from files.

use std::path::{Path, PathBuf};

use hallpass_document::Diagnostic;
use hallpass_renderer::{Fleet, ReadFleet};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fleet")
}

pub(crate) fn read(text: &str) -> Result<ReadFleet, Vec<Diagnostic>> {
    let document = hallpass_reader::read(text.as_bytes()).next().unwrap().unwrap();
    Fleet::read(document.root())
}

/// Reads a fleet that must be valid.
pub(crate) fn fleet(file: &Path) -> Fleet {
    let text = std::fs::read_to_string(file).unwrap();
    match read(&text) {
        Ok(read) => read.fleet,
        Err(faults) => panic!("{}: {faults:#?}", file.display()),
    }
}
