//! Writes `containerImageDigests`, and keeps every other byte.

use std::borrow::Cow;
use std::collections::BTreeSet;

use hallpass_document::{Value, sha256_from_hex, sha256_to_hex};
use hallpass_edit::{Editor, Refusal};
use hallpass_reader::Document;

use super::{ByContainer, Digest};
use crate::edited::{Unedited, checked};

/// The treatment of digests that an allowlist already lists for a container with new digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// They stay: the versions that they belong to may still run.
    Keep,
    /// They are removed.
    Drop,
}

/// The changes for a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The name of the container.
    pub container: String,
    /// The number of new digests.
    pub added: usize,
    /// The number of removed digests.
    pub dropped: usize,
    /// The number of digests that stay.
    pub kept: usize,
}

const FIELD: &str = "containerImageDigests";

/// Returns the text of a file with the digests in an allowlist, and the changes. `documents` are all documents of the file;
/// the allowlist is at `pointer` in the document with the index `at`.
///
/// New lists are sorted. A list with comments keeps its order, and gets the new digests at its end: a comment belongs to
/// the digest next to it.
///
/// # Errors
/// A part of the allowlist cannot be edited without a loss.
pub fn write(
    bytes: &[u8],
    documents: &[&Document<'_>],
    (at, pointer): (usize, &str),
    digests: &ByContainer,
    old: Old,
) -> Result<(String, Vec<Changed>), Unedited> {
    let mut expected: Vec<Value<'_>> = documents.iter().map(|document| document.root().clone()).collect();
    let (Some(document), Some(root)) = (documents.get(at).copied(), expected.get_mut(at)) else {
        return Err(Unedited::Altered);
    };
    let refused = |path: &str, refusal: Refusal| {
        Unedited::Refused(vec![(at, Unedited::refusal(path, &format!("`{FIELD}`"), refusal))])
    };
    let editor = Editor::new(bytes).map_err(|refusal| refused(pointer, refusal))?;
    let text = String::from_utf8_lossy(bytes);
    let mut writer = Writer {
        document,
        text,
        editor,
        root,
        field: format!("{pointer}/{FIELD}"),
        old,
        changed: Vec::new(),
    };
    let mut missing = Vec::new();
    for (container, new) in digests {
        match writer.entry(container).map_err(|refusal| refused(&writer.field, refusal))? {
            Some(list) => writer.update(container, &list, new).map_err(|refusal| refused(&list, refusal))?,
            None => missing.push(writer.added(container, new)),
        }
    }
    if !missing.is_empty() {
        writer.add(pointer, missing).map_err(|refusal| refused(pointer, refusal))?;
    }
    let (text, changed) = (writer.editor.finish(), writer.changed);
    Ok((checked(text, &expected)?, changed))
}

struct Writer<'w, 'd> {
    document: &'w Document<'d>,
    text: Cow<'w, str>,
    editor: Editor<'w>,
    /// The expected tree after the edits.
    root: &'w mut Value<'d>,
    /// The pointer to the field.
    field: String,
    old: Old,
    changed: Vec<Changed>,
}

impl<'d> Writer<'_, 'd> {
    /// Returns the pointer to the list of a container's digests.
    fn entry(&self, container: &str) -> Result<Option<String>, Refusal> {
        let Some(Value::List(entries)) = self.document.get(&self.field) else { return Ok(None) };
        let is_its =
            |entry: &Value<'_>| entry.get("containerName").and_then(Value::as_str) == Some(container);
        let mut its = entries.iter().enumerate().filter(|(_, entry)| is_its(entry)).map(|(index, _)| index);
        match (its.next(), its.next()) {
            (Some(index), None) => Ok(Some(format!("{}/{index}/imageDigests", self.field))),
            (None, _) => Ok(None),
            _ => Err(Refusal {
                reason: format!("it has several entries for the container `{container}`"),
                help: "merge them into one".to_owned(),
            }),
        }
    }

    /// Changes the list of a container.
    fn update(&mut self, container: &str, list: &str, new: &BTreeSet<Digest>) -> Result<(), Refusal> {
        let Some(Value::List(items)) = self.document.get(list) else {
            return Err(Refusal {
                reason: "its entry has no list of digests".to_owned(),
                help: "write `imageDigests: []` into the entry".to_owned(),
            });
        };
        let listed: Vec<(Digest, Value<'d>)> =
            items.iter().filter_map(|item| Some((digest(item.as_str()?)?, item.clone()))).collect();
        let mut seen = BTreeSet::new();
        let mut stays = Vec::new();
        for (digest, _) in &listed {
            let is_wanted = self.old == Old::Keep || new.contains(digest);
            stays.push(seen.insert(*digest) && is_wanted);
        }
        let kept = listed.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(item, _)| item);
        let mut wanted: Vec<(Digest, Value<'d>)> = kept.cloned().collect();
        let dropped = listed.len() - wanted.len();
        let kept = wanted.len();
        let added: Vec<Digest> = new.iter().filter(|digest| !seen.contains(*digest)).copied().collect();
        wanted.extend(added.iter().map(|digest| (*digest, item(digest))));
        let has_comments = self.has_comments(list, items.len());
        if has_comments {
            for (index, _) in stays.iter().enumerate().filter(|(_, stays)| !**stays) {
                self.remove(&format!("{list}/{index}"))?;
            }
            for digest in &added {
                self.editor.append(self.document, list, &item(digest))?;
            }
        } else {
            wanted.sort_by_key(|(digest, _)| *digest);
        }
        let wanted = Value::List(wanted.into_iter().map(|(_, item)| item).collect());
        if !has_comments {
            self.editor.set(self.document, list, &wanted)?;
        }
        if let Some(list) = self.root.at_mut(list) {
            *list = wanted;
        }
        if dropped > 0 || !added.is_empty() {
            let container = container.to_owned();
            self.changed.push(Changed { container, added: added.len(), dropped, kept });
        }
        Ok(())
    }

    /// Removes a digest from a list with comments. Refuses if a comment is next to it or above it: the comment would stay, and
    /// describe another digest.
    fn remove(&mut self, item: &str) -> Result<(), Refusal> {
        let line = self.line(item);
        let above = (line as usize).checked_sub(2).and_then(|index| self.text.lines().nth(index));
        if self.has_comment(line, line) || above.is_some_and(|above| above.trim_start().starts_with('#')) {
            return Err(Refusal {
                reason: "a digest to drop has a comment".to_owned(),
                help: format!("remove line {line} and its comment by hand, or keep the digest"),
            });
        }
        self.editor.remove(self.document, item)
    }

    /// Whether a comment may be between the items of a list, next to one, above the first, or below the last. A comment
    /// that is indented less than the key of the list belongs to what follows.
    fn has_comments(&self, list: &str, length: usize) -> bool {
        let key = self.document.locate_key(list);
        let first = self.line(&format!("{list}/0")).min(key.line + 1);
        let last = self.line(&format!("{list}/{}", length.saturating_sub(1)));
        let below = self.text.lines().nth(last as usize);
        let is_below = |line: &str| {
            let rest = line.trim_start();
            rest.starts_with('#') && line.len() - rest.len() + 1 >= key.column as usize
        };
        self.has_comment(first, last) || below.is_some_and(is_below)
    }

    /// Whether one of these lines may have a comment: digests contain no `#`.
    fn has_comment(&self, first: u32, last: u32) -> bool {
        let lines = self.text.lines().take(last as usize).skip((first as usize).saturating_sub(1));
        lines.into_iter().any(|line| line.contains('#'))
    }

    fn line(&self, pointer: &str) -> u32 {
        self.document.locate(pointer).line
    }

    /// Returns a new entry for a container that has none.
    fn added(&mut self, container: &str, new: &BTreeSet<Digest>) -> Value<'d> {
        let container = container.to_owned();
        self.changed.push(Changed { container: container.clone(), added: new.len(), dropped: 0, kept: 0 });
        let digests = Value::List(new.iter().map(item).collect());
        let name = Value::String(container.into());
        Value::Map(vec![("containerName".into(), name), ("imageDigests".into(), digests)])
    }

    /// Adds entries to the field, or the field to the allowlist.
    fn add(&mut self, allowlist: &str, entries: Vec<Value<'d>>) -> Result<(), Refusal> {
        if let Some(Value::List(_)) = self.document.get(&self.field) {
            for entry in &entries {
                self.editor.append(self.document, &self.field, entry)?;
            }
            if let Some(Value::List(list)) = self.root.at_mut(&self.field) {
                list.extend(entries);
            }
            return Ok(());
        }
        let list = Value::List(entries);
        self.editor.insert(self.document, allowlist, FIELD, &list)?;
        if let Some(Value::Map(fields)) = self.root.at_mut(allowlist) {
            fields.push((FIELD.into(), list));
        }
        Ok(())
    }
}

/// GKE documents digests without `sha256:`.
fn item<'v>(digest: &Digest) -> Value<'v> {
    Value::String(sha256_to_hex(digest).into())
}

/// Reads a digest of an allowlist, as rule M5 does.
fn digest(text: &str) -> Option<Digest> {
    sha256_from_hex(&text.strip_prefix("sha256:").unwrap_or(text).to_ascii_lowercase())
}
