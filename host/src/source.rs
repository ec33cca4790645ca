//! A file that is one document: a profile, a fleet.

use std::path::{Path, PathBuf};

use crate::allowlists::Parsed;
use crate::input;
use crate::located::{LineIndex, read_problem};
use crate::report::Problem;

/// The bytes of the file that a user named.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What ought to be in the file.
pub(crate) struct Wanted {
    /// As a sentence begins with it: `a profile`.
    pub(crate) called: &'static str,
    pub(crate) kind: &'static str,
    /// What else may be done than to name a file.
    pub(crate) instead: &'static str,
}

impl Source {
    pub(crate) fn read(path: &Path, wanted: &Wanted) -> Result<Self, Vec<Problem>> {
        let selected = input::select(&[PathBuf::from(path)]);
        if !selected.errors.is_empty() {
            return Err(selected.errors);
        }
        if !selected.barren.is_empty() {
            return Err(selected.barren);
        }
        let [file] = selected.inputs.as_slice() else {
            let message = format!("{} is one file", wanted.called);
            let help = format!("name the file{}", wanted.instead);
            return Err(vec![Problem::new(&path.display().to_string(), message).help(help)]);
        };
        let bytes = file.read().map_err(|problem| vec![problem])?;
        Ok(Source { name: file.name().to_owned(), bytes })
    }

    pub(crate) fn document(&self, wanted: &Wanted) -> Result<Parsed<'_>, Vec<Problem>> {
        let one = |problem| Err(vec![problem]);
        let lines = LineIndex::new(&self.bytes);
        let mut documents = hallpass_reader::read(&self.bytes);
        let document = match documents.next() {
            Some(Ok(document)) => document,
            Some(Err(error)) => return one(read_problem(&self.name, &error, &lines)),
            None => {
                let help = format!("write a {} into it", wanted.kind);
                return one(Problem::new(&self.name, "the file is empty").help(help));
            }
        };
        if documents.next().is_some() {
            let message = format!("{} is one document, and the file holds more", wanted.called);
            return one(Problem::new(&self.name, message));
        }
        Ok(Parsed { file: &self.name, document, lines: std::sync::Arc::new(lines) })
    }
}
