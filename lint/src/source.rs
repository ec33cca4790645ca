//! Reads files to lint.

use hallpass_document::Value;
use hallpass_reader::read_with_duplicates;
use hallpass_report::{LineIndex, Problem, read_problem};

use crate::object::Source;

impl<'s> Source<'s> {
    /// Reads the documents of a file, and returns the errors of unreadable ones. A duplicate key is an error only if `matters`
    /// returns true for the document's root and the JSON pointer to the key.
    #[must_use]
    pub fn read(
        file: &'s str,
        bytes: &'s [u8],
        matters: fn(&Value<'_>, &str) -> bool,
    ) -> (Self, Vec<Problem>) {
        let lines = LineIndex::new(bytes);
        let (mut read, mut errors) = (Vec::new(), Vec::new());
        let mut documents = read_with_duplicates(bytes, matters);
        while let Some(document) = documents.next() {
            match document {
                Ok(document) => read.push(document),
                Err(error) => {
                    errors.push(read_problem(file, &error, &lines).of_template(documents.template()));
                }
            }
        }
        (Source { file, bytes, documents: read }, errors)
    }
}
