//! A file with one document, such as a profile or a fleet.

use std::sync::Arc;

use crate::allowlists::Parsed;
use crate::located::{LineIndex, read_problem};
use crate::problem::Problem;

/// The expected contents of the file.
pub struct Wanted {
    /// The subject of messages: `a profile`.
    pub called: &'static str,
    /// The object's kind.
    pub kind: &'static str,
}

/// Reads the only document of a file.
///
/// # Errors
/// The file is empty, contains more documents, or cannot be read.
pub fn single<'s>(file: &'s str, bytes: &'s [u8], wanted: &Wanted) -> Result<Parsed<'s>, Vec<Problem>> {
    checked(file, bytes, wanted, |_| None)
}

/// Does the same, unless `refuse` returns an error for the first document.
pub(crate) fn checked<'s>(
    file: &'s str,
    bytes: &'s [u8],
    wanted: &Wanted,
    refuse: impl FnOnce(&Parsed<'_>) -> Option<Problem>,
) -> Result<Parsed<'s>, Vec<Problem>> {
    let lines = LineIndex::new(bytes);
    let mut documents = hallpass_reader::read_settings(bytes);
    let document = match documents.next() {
        Some(Ok(document)) => document,
        Some(Err(error)) => return Err(vec![read_problem(file, &error, &lines)]),
        None => {
            let help = format!("write a {} to it", wanted.kind);
            return Err(vec![Problem::new(file, "the file is empty").help(help)]);
        }
    };
    let parsed = Parsed { file, document, lines: Arc::new(lines) };
    if let Some(problem) = refuse(&parsed) {
        return Err(vec![problem]);
    }
    if documents.next().is_some() {
        let message = format!("{} must be one document, but the file contains more", wanted.called);
        return Err(vec![Problem::new(file, message)]);
    }
    Ok(parsed)
}
