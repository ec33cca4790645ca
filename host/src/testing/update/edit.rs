//! Edits of the `expect` of tests, in the notation of the file.

use hallpass_document::Value;
use hallpass_edit::{Editor, Refusal};

use super::change::{Change, New, item};
use crate::testing::file::{Item, TestFile, pointer_to};

/// Changes the expectation of a test.
///
/// # Errors
/// The notation of the expectation cannot be edited.
pub(super) fn edit(
    editor: &mut Editor<'_>,
    file: &TestFile<'_>,
    index: usize,
    changes: &[Change],
) -> Result<(), Refusal> {
    let document = &file.parsed.document;
    let test = pointer_to(index);
    let pointer = format!("{test}/expect");
    match document.get(&pointer) {
        None => return editor.insert(document, &test, "expect", &whole(changes)),
        Some(Value::Null) => return editor.set(document, &pointer, &whole(changes)),
        Some(_) => {}
    }
    let verdict = changes.iter().find_map(|change| match change {
        Change { field: "verdict", new: Some(New::Text(verdict)), old: None } => Some(verdict),
        _ => None,
    });
    for change in changes {
        let field = format!("{pointer}/{}", change.field);
        match (&change.new, verdict) {
            // This field has stated another verdict.
            (None, Some(verdict)) => {
                editor.rename(document, &field, "verdict")?;
                editor.set(document, &field, &text(verdict))?;
            }
            (None, None) => editor.remove(document, &field)?,
            (Some(New::Text(_)), _) if change.old.is_none() => {}
            (Some(New::Text(new)), _) => editor.set(document, &field, &text(new))?,
            (Some(New::List(items)), _) => {
                let old = old_items(file, index, change.field);
                // An item that stays may have its fields in another order.
                let new = items.iter().map(|new| match old.iter().position(|item| item == new) {
                    Some(place) => document.get(&format!("{field}/{place}")).cloned().unwrap_or_default(),
                    None => item(new, change.field),
                });
                editor.set(document, &field, &Value::List(new.collect()))?;
            }
        }
    }
    Ok(())
}

fn old_items<'f>(file: &'f TestFile<'_>, test: usize, field: &str) -> &'f [Item] {
    let expect = file.spec.tests.get(test).and_then(|test| test.expect.as_ref());
    let list = expect.and_then(|expect| match field {
        "constraints" => expect.constraints.as_deref(),
        _ => expect.mismatches.as_deref(),
    });
    list.unwrap_or_default()
}

/// Returns the expectation of a test without one.
fn whole(changes: &[Change]) -> Value<'_> {
    let fields = changes
        .iter()
        .filter_map(|change| Some((change.field.into(), change.new.as_ref()?.value(change.field))));
    Value::Map(fields.collect())
}

fn text(text: &str) -> Value<'_> {
    Value::String(text.into())
}
