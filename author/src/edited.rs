//! Checks the result of edits of a file.

use hallpass_document::{Diagnostic, Value};
use hallpass_edit::Refusal;
use hallpass_reader::read_with_duplicates;

/// The reason why a file is not edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unedited {
    /// Some edits cannot be made without a loss. Each refusal has the index of its document.
    Refused(Vec<(usize, Diagnostic)>),
    /// The edited text has other contents than expected: an error in this program.
    Altered,
}

impl Unedited {
    /// Creates the refusal of an edit at a pointer. `what` is the beginning of the message: "image `x`".
    pub(crate) fn refusal(path: &str, what: &str, refusal: Refusal) -> Diagnostic {
        let message = format!("{what} cannot be rewritten: {}", refusal.reason);
        Diagnostic::new(path.to_owned(), message).help(refusal.help)
    }
}

/// Returns the text if it contains exactly these documents.
pub(crate) fn checked(text: String, expected: &[Value<'_>]) -> Result<String, Unedited> {
    let mut expected = expected.iter();
    // Reading the old text has decided whether duplicate keys matter.
    let is_expected = read_with_duplicates(text.as_bytes(), |_, _| false)
        .all(|read| read.is_ok_and(|document| expected.next() == Some(document.root())));
    if is_expected && expected.next().is_none() { Ok(text) } else { Err(Unedited::Altered) }
}
