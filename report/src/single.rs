//! A file that is one document: a profile, a fleet.

use std::sync::Arc;

use crate::allowlists::Parsed;
use crate::located::{LineIndex, read_problem};
use crate::report::Problem;

/// What ought to be in the file.
pub struct Wanted {
    /// As a sentence begins with it: `a profile`.
    pub called: &'static str,
    /// The object's kind.
    pub kind: &'static str,
}

/// Reads the only document of a file.
///
/// # Errors
/// When the file is empty, holds more, or cannot be read.
pub fn single<'s>(file: &'s str, bytes: &'s [u8], wanted: &Wanted) -> Result<Parsed<'s>, Vec<Problem>> {
    let lines = LineIndex::new(bytes);
    let mut documents = hallpass_reader::read_settings(bytes);
    let document = match documents.next() {
        Some(Ok(document)) => document,
        Some(Err(error)) => return Err(vec![read_problem(file, &error, &lines)]),
        None => {
            let help = format!("write a {} into it", wanted.kind);
            return Err(vec![Problem::new(file, "the file is empty").help(help)]);
        }
    };
    if documents.next().is_some() {
        let message = format!("{} is one document, and the file holds more", wanted.called);
        return Err(vec![Problem::new(file, message)]);
    }
    Ok(Parsed { file, document, lines: Arc::new(lines) })
}
