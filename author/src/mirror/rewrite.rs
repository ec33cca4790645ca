//! Rewrites the references in a file, and keeps every other byte.

use hallpass_document::Value;
use hallpass_edit::Editor;
use hallpass_reader::Document;

use super::Change;
use crate::edited::{Unedited, checked};

/// Returns the text of a file with the changes of its documents. `documents` are all documents of the file.
///
/// # Errors
/// Some references cannot be rewritten without a loss.
pub fn rewrite(bytes: &[u8], documents: &[(&Document<'_>, &[Change])]) -> Result<String, Unedited> {
    let mut editor = Editor::new(bytes)
        .map_err(|refusal| Unedited::Refused(vec![(0, Unedited::refusal("", "the file", refusal))]))?;
    let (mut refused, mut expected) = (Vec::new(), Vec::new());
    for (index, (document, changes)) in documents.iter().enumerate() {
        let mut root = document.root().clone();
        for change in *changes {
            let new = Value::String(change.reference().into());
            if let Err(refusal) = editor.set(document, &change.path, &new) {
                let what = format!("image `{}`", change.written);
                refused.push((index, Unedited::refusal(&change.path, &what, refusal)));
            }
            if let Some(image) = root.at_mut(&change.path) {
                *image = new;
            }
        }
        expected.push(root);
    }
    if refused.is_empty() { checked(editor.finish(), &expected) } else { Err(Unedited::Refused(refused)) }
}
