//! Changes that fix findings.

mod tree;

use std::collections::BTreeMap;

use hallpass_document::Value;
use hallpass_edit::{Editor, Refusal};
use hallpass_reader::{Document, Documents, read_with_duplicates};

use crate::comments::is_suppression;
use crate::finding::Finding;
use crate::object::Source;

/// A change of one document. Pointers are from its root.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// The title: "remove the tag".
    pub title: String,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

/// One edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Replaces the value at a pointer.
    Set(String, Value<'static>),
    /// Renames the key of the value at a pointer.
    Rename(String, String),
    /// Removes the item of a list, or the field of a map.
    Remove(String),
    /// Appends an item to the list at a pointer.
    Append(String, Value<'static>),
    /// Adds a field to the map at a pointer.
    Insert(String, String, Value<'static>),
}

impl Edit {
    /// The pointer to the value that changes.
    pub(crate) fn pointer(&self) -> &str {
        match self {
            Edit::Set(pointer, _)
            | Edit::Rename(pointer, _)
            | Edit::Remove(pointer)
            | Edit::Append(pointer, _)
            | Edit::Insert(pointer, ..) => pointer,
        }
    }

    fn make(&self, editor: &mut Editor<'_>, document: &Document<'_>) -> Result<(), Refusal> {
        match self {
            Edit::Set(pointer, value) => editor.set(document, pointer, value),
            Edit::Rename(pointer, key) => editor.rename(document, pointer, key),
            Edit::Remove(pointer) => editor.remove(document, pointer),
            Edit::Append(pointer, item) => editor.append(document, pointer, item),
            Edit::Insert(pointer, key, value) => editor.insert(document, pointer, key, value),
        }
    }
}

/// Returns the text of a file with the fixes of findings in it. Every other byte stays as it is.
///
/// # Errors
/// An edit cannot be made. Then no fix is applied.
pub fn fixed(source: &Source<'_>, findings: &[&Finding]) -> Result<String, Refusal> {
    fixed_with_lines(source, findings).map(|(text, _)| text)
}

/// Returns the same text and, for each of its lines, the number of the line in the file.
///
/// # Errors
/// Those of [`fixed`].
pub fn fixed_with_lines(source: &Source<'_>, findings: &[&Finding]) -> Result<(String, Vec<usize>), Refusal> {
    require_readable(source)?;
    let mut editor = Editor::new(source.bytes)?.with_comments(is_suppression);
    let mut edits = Edits::new();
    for finding in findings {
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            let document = source.documents.get(finding.place.document).ok_or_else(changed_otherwise)?;
            edit.make(&mut editor, document)?;
            edits.entry(document.index()).or_default().push(edit);
        }
    }
    let (text, lines) = editor.finish_with_lines();
    if !is_as_expected(source.bytes, &edits, text.as_bytes()) {
        return Err(changed_otherwise());
    }
    Ok((text, lines))
}

/// Requires that every document of a file can be read: an unreadable document cannot be compared.
fn require_readable(source: &Source<'_>) -> Result<(), Refusal> {
    match read(source.bytes).any(|document| document.is_err()) {
        true => Err(Refusal::new("a document of the file cannot be read", "fix that document first")),
        false => Ok(()),
    }
}

/// Reads the documents of a file. Documents for other programs may have duplicate keys.
fn read(bytes: &[u8]) -> Documents<'_> {
    read_with_duplicates(bytes, |_, _| false)
}

/// Edits by the index of the document in the file.
type Edits<'e> = BTreeMap<usize, Vec<&'e Edit>>;

fn changed_otherwise() -> Refusal {
    Refusal::new("the edited file would have another meaning", "edit it by hand")
}

/// Whether a text is the old one with exactly these edits of its documents.
fn is_as_expected(old: &[u8], edits: &Edits<'_>, new: &[u8]) -> bool {
    let mut new = read(new);
    let is_same = read(old).all(|old| match (old, new.next()) {
        (Ok(old), Some(Ok(new))) => {
            let edits = edits.get(&old.index()).map(Vec::as_slice).unwrap_or_default();
            tree::edited(old.root(), edits).is_some_and(|expected| tree::is_same(&expected, new.root()))
        }
        _ => false,
    });
    is_same && new.next().is_none()
}
