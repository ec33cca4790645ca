//! Removes items and fields.

use std::collections::BTreeMap;
use std::ops::Range;

use hallpass_document::{At, Value, unescape};
use hallpass_reader::Document;

use crate::editor::Editor;
use crate::edits::Key;
use crate::node::{Kind, Node};
use crate::refusal::Refusal;

/// The changes of a list or map.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changed {
    /// The removed children, and their edits. The edit of the first child may also remove others.
    removed: BTreeMap<usize, Option<Key>>,
    /// The number of children at the beginning that are all removed.
    head: usize,
    /// The edit that writes `[]` or `{}`, because no child stays.
    empty: Option<Key>,
    /// Whether a child is added.
    grown: bool,
}

/// A list or map.
struct Parent<'p, 'd> {
    document: &'p Document<'d>,
    pointer: &'p str,
    node: &'p Node,
    value: &'p Value<'d>,
}

/// The index and the range of a removed child, and the text that replaces it.
type Removal = (usize, Range<usize>, String);

impl Parent<'_, '_> {
    fn count(&self) -> usize {
        match self.value {
            Value::List(items) => items.len(),
            Value::Map(fields) => fields.len(),
            _ => 0,
        }
    }

    /// Returns the index of the child at the last step of a pointer.
    fn index(&self, step: &str) -> Option<usize> {
        match self.value {
            Value::List(_) => step.parse().ok(),
            Value::Map(fields) => fields.iter().position(|(key, _)| *key == unescape(step)),
            _ => None,
        }
    }

    fn child(&self, index: usize) -> Result<String, Refusal> {
        let at = At::pointer_to(self.pointer);
        match self.value {
            Value::Map(fields) => fields.get(index).map(|(key, _)| at.key(key).pointer()),
            _ => Some(at.index(index).pointer()),
        }
        .ok_or_else(Refusal::odd)
    }
}

impl Editor<'_> {
    /// Removes an item of a list or a field of a map. The comments of a value with its own lines stay, unless
    /// [`Editor::with_comments`] says otherwise. An empty list or map becomes `[]` or `{}`.
    ///
    /// # Errors
    /// Those of [`Editor::set`].
    pub fn remove(&mut self, document: &Document<'_>, pointer: &str) -> Result<(), Refusal> {
        let Some((above, step)) = pointer.rsplit_once('/') else {
            return Err(Refusal::new("it is a whole document", "delete the document by hand"));
        };
        // Refuses a value that does not exist, or is shared.
        self.text.node(document, pointer)?;
        let node = self.text.node(document, above)?;
        let value = document.get(above).ok_or_else(Refusal::odd)?;
        let parent = Parent { document, pointer: above, node: &node, value };
        let index = parent.index(step).ok_or_else(Refusal::odd)?;
        // Taken out of the map, because a copy for each of many removals would take long.
        let mut changed = self.changed.remove(&node.start).unwrap_or_default();
        let removed = match changed.removed.contains_key(&index) {
            true => Ok(()),
            false => self.remove_child(&parent, index, &mut changed),
        };
        self.changed.insert(node.start, changed);
        removed
    }

    /// Records that a list or map gains a child.
    ///
    /// # Errors
    /// A child of a list or map in brackets is removed, and maybe the comma after which the new one would follow.
    pub(crate) fn grow(&mut self, node: &Node) -> Result<(), Refusal> {
        let changed = self.changed.entry(node.start).or_default();
        if !changed.removed.is_empty() && node.kind == Kind::Flow {
            return Err(Refusal::new("an item next to it is removed", "run this again"));
        }
        changed.grown = true;
        if let Some(empty) = changed.empty.take() {
            self.edits.take(empty);
        }
        Ok(())
    }

    fn remove_child(
        &mut self,
        parent: &Parent<'_, '_>,
        index: usize,
        changed: &mut Changed,
    ) -> Result<(), Refusal> {
        let mut head = changed.head;
        while head == index || index == changed.head && changed.removed.contains_key(&head) {
            head += 1;
        }
        let is_empty = head == parent.count() && !changed.grown && parent.node.kind != Kind::Flow;
        if is_empty && parent.node.key.is_none() {
            return Err(Refusal::new("nothing else is in it", "remove the whole of it"));
        }
        // Before children at the beginning, no child stays. Each of them enters this range once.
        let joined = if index == changed.head { index..head } else { index..index + 1 };
        match parent.node.kind {
            Kind::Flow if changed.removed.is_empty() => self.require_none_within(parent.node)?,
            Kind::Flow => {}
            _ => joined.clone().try_for_each(|at| self.require_none_above(self.child(parent, at)?.mark()))?,
        }
        let removals = match parent.node.kind {
            Kind::Flow => joined.clone().map(|at| self.removed_in_flow(parent, at, at < head)).collect(),
            _ if joined.start < head && !self.has_own_line(&self.child(parent, 0)?) => {
                self.removed_head(parent, joined.clone()).map(|removal| vec![removal])
            }
            _ => self.removed_lines(parent, index).map(|removal| vec![removal]),
        }?;
        self.replace_removals(&removals, changed)?;
        if is_empty {
            let empty = if matches!(parent.value, Value::Map(_)) { " {}" } else { " []" };
            changed.empty = self.edits.add(parent.node.lead..parent.node.lead, empty.to_owned()).ok();
        }
        for at in joined {
            changed.removed.entry(at).or_default();
        }
        changed.head = head;
        Ok(())
    }

    /// Replaces the earlier edits of children.
    fn replace_removals(&mut self, removals: &[Removal], changed: &mut Changed) -> Result<(), Refusal> {
        let known = removals.iter().filter_map(|(index, ..)| *changed.removed.get(index)?);
        let taken: Vec<(Key, String)> = known.filter_map(|key| Some((key, self.edits.take(key)?))).collect();
        let mut added = Vec::with_capacity(removals.len());
        for (index, range, new) in removals {
            match self.edits.add(range.clone(), new.clone()) {
                Ok(key) => added.push((*index, Some(key))),
                Err(refusal) => {
                    added.into_iter().filter_map(|(_, key)| key).for_each(|key| drop(self.edits.take(key)));
                    taken.into_iter().for_each(|(key, new)| self.edits.put_back(key, new));
                    return Err(refusal);
                }
            }
        }
        changed.removed.extend(added);
        Ok(())
    }

    /// Returns the edit that removes children at the beginning, the first of which is on the line of its parent. The next child
    /// that stays takes its place.
    fn removed_head(&self, parent: &Parent<'_, '_>, more: Range<usize>) -> Result<Removal, Refusal> {
        let end = more.end;
        if end == parent.count() {
            return Err(Refusal::odd());
        }
        for index in more {
            let own = self.child(parent, index)?.mark()..self.child(parent, index + 1)?.mark();
            if let Some(lost) = self.text.comments(parent.document, &parent.child(index)?, &own)?.first() {
                return Err(Refusal::comment(lost));
            }
        }
        Ok((0, self.child(parent, 0)?.mark()..self.child(parent, end)?.mark(), String::new()))
    }

    /// Returns the edit that removes a child with its own lines.
    fn removed_lines(&self, parent: &Parent<'_, '_>, index: usize) -> Result<Removal, Refusal> {
        let (document, pointer, child) = (parent.document, parent.child(index)?, self.child(parent, index)?);
        if !self.has_own_line(&child) {
            return Err(Refusal::odd());
        }
        let lines = self.text.line_start(child.mark())..self.text.lines_end(document, &pointer, &child)?;
        let mut comments = self.text.comments(document, &pointer, &lines)?;
        if let Some(goes) = self.goes {
            self.require_only_own(&comments, &lines, goes)?;
            comments.clear();
        }
        let lead = " ".repeat(self.text.column(child.mark()));
        let ending = self.text.ending();
        let mut kept: String = comments.iter().map(|comment| format!("{lead}{comment}{ending}")).collect();
        if !self.text.get(lines.start, lines.end).ends_with('\n') {
            kept.truncate(kept.trim_end_matches(['\n', '\r']).len());
        }
        Ok((index, lines, kept))
    }

    fn has_own_line(&self, child: &Node) -> bool {
        self.text.before(child.mark()).trim_matches(['\u{feff}', ' ']).is_empty()
    }

    /// Returns the edit that removes a child in brackets: with the comma before it, or with the one after it if no child
    /// before it stays.
    fn removed_in_flow(
        &self,
        parent: &Parent<'_, '_>,
        index: usize,
        is_first: bool,
    ) -> Result<Removal, Refusal> {
        let child = self.child(parent, index)?;
        let (start, end) = (self.flow_start(&child), self.text.end(&child)?);
        let range = if is_first {
            let after = self.text.get(end, self.text.text.len());
            let rest = after.trim_start_matches([' ', '\t']).strip_prefix(',').unwrap_or(after);
            self.whole_line(start..self.text.text.len() - rest.trim_start_matches([' ', '\t']).len())
        } else {
            let before = self.text.get(0, start).trim_end();
            before.strip_suffix(',').map_or(start, str::len)..end
        };
        if let Some(lost) = self.text.comments(parent.document, &parent.child(index)?, &range)?.first() {
            return Err(Refusal::comment(lost));
        }
        Ok((index, range, String::new()))
    }

    /// Returns the lines of a range if nothing else is on them.
    fn whole_line(&self, range: Range<usize>) -> Range<usize> {
        let is_alone = self.text.before(range.start).trim().is_empty()
            && self.text.rest_of_line(range.end).trim().is_empty();
        match is_alone {
            true => self.text.line_start(range.start)..self.text.next_line(range.end),
            false => range,
        }
    }

    /// Returns the offset of a child in brackets, with its key.
    pub(crate) fn flow_start(&self, child: &Node) -> usize {
        child.key.as_ref().map_or(child.start, |key| key.start)
    }

    fn child(&self, parent: &Parent<'_, '_>, index: usize) -> Result<Node, Refusal> {
        self.text.node(parent.document, &parent.child(index)?)
    }
}
