//! The single file that contains a profile or a fleet.

use std::path::{Path, PathBuf};

use hallpass_report::{Parsed, Wanted, own};

use crate::input::{self, Purpose};
use crate::output::Problem;

/// The contents of the file.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Source {
    /// Reads the file that `wanted` describes; `instead` names an alternative to a file, for the help line.
    pub(crate) fn read(path: &Path, wanted: &Wanted, instead: &str) -> Result<Self, Vec<Problem>> {
        let selected = input::select(&[PathBuf::from(path)], Purpose::Files);
        if !selected.errors.is_empty() {
            return Err(selected.errors);
        }
        if !selected.barren.is_empty() {
            return Err(selected.barren);
        }
        let [file] = selected.inputs.as_slice() else {
            let message = format!("{} must be a file", wanted.called);
            let help = format!("pass a file{instead}");
            return Err(vec![Problem::new(&path.display().to_string(), message).help(help)]);
        };
        let bytes = file.read().map_err(|problem| vec![*problem])?;
        Ok(Source { name: file.name().to_owned(), bytes })
    }

    pub(crate) fn document(&self, wanted: &Wanted) -> Result<Parsed<'_>, Vec<Problem>> {
        own(&self.name, &self.bytes, wanted)
    }
}
