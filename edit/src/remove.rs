//! Items and fields that are removed.

use std::ops::Range;

use hallpass_document::Value;
use hallpass_reader::Document;

use crate::editor::{Edit, Editor};
use crate::node::{Kind, Node, children};
use crate::refusal::Refusal;

/// A list or map that has lost or gained children.
#[derive(Clone, Debug)]
pub(crate) struct Changed {
    /// Its offset.
    pub(crate) start: usize,
    /// The indexes of the children that are removed, in order.
    pub(crate) removed: Vec<usize>,
    /// Whether a child is added.
    pub(crate) grown: bool,
}

/// A list or map, with its children.
struct Parent<'p, 'd> {
    document: &'p Document<'d>,
    pointer: &'p str,
    node: &'p Node,
    children: &'p [String],
    changed: &'p Changed,
}

impl Editor<'_> {
    /// Removes an item of a list or a field of a map. The comments of a value that has its own lines stay. A list or map
    /// of which nothing is left becomes `[]` or `{}`.
    ///
    /// # Errors
    /// Those of [`Editor::set`].
    pub fn remove(&mut self, document: &Document<'_>, pointer: &str) -> Result<(), Refusal> {
        let Some((above, _)) = pointer.rsplit_once('/') else {
            return Err(Refusal::new("it is a whole document", "delete the document by hand"));
        };
        // Refuses a value that does not exist, or is shared.
        self.text.node(document, pointer)?;
        let node = self.text.node(document, above)?;
        let children = children(document.get(above), above);
        let index = children.iter().position(|child| child == pointer).ok_or_else(Refusal::odd)?;
        let mut changed = self.changed_at(node.start);
        if changed.removed.contains(&index) {
            return Ok(());
        }
        changed.removed.push(index);
        changed.removed.sort_unstable();
        let parent = Parent { document, pointer: above, node: &node, children: &children, changed: &changed };
        self.update_removed(&parent)?;
        self.note(changed);
        Ok(())
    }

    /// Returns what has changed in the list or map at an offset.
    pub(crate) fn changed_at(&self, start: usize) -> Changed {
        let known = self.changed.iter().find(|changed| changed.start == start).cloned();
        known.unwrap_or(Changed { start, removed: Vec::new(), grown: false })
    }

    pub(crate) fn note(&mut self, changed: Changed) {
        self.changed.retain(|other| other.start != changed.start);
        self.changed.push(changed);
    }

    /// Notes that the list or map at a pointer gains a child.
    ///
    /// # Errors
    /// Its last child is removed, and the comma after which the new one would follow.
    pub(crate) fn grow(
        &mut self,
        document: &Document<'_>,
        pointer: &str,
        node: &Node,
    ) -> Result<(), Refusal> {
        let children = children(document.get(pointer), pointer);
        let changed = Changed { grown: true, ..self.changed_at(node.start) };
        if !changed.removed.is_empty() {
            if node.kind == Kind::Flow {
                return Err(Refusal::new("an item beside it is removed", "run this again"));
            }
            let parent = Parent { document, pointer, node, children: &children, changed: &changed };
            self.update_removed(&parent)?;
        }
        self.note(changed);
        Ok(())
    }

    /// Replaces the edits that remove children of a list or map.
    fn update_removed(&mut self, parent: &Parent<'_, '_>) -> Result<(), Refusal> {
        let new = match parent.node.kind {
            Kind::Flow => self.removed_in_flow(parent)?,
            _ => self.removed_lines(parent)?,
        };
        let old = self.edits.clone();
        self.edits.retain(|edit| edit.removes_from != Some(parent.node.start));
        for (range, new) in new {
            let edit = Edit { range, new, removes_from: Some(parent.node.start) };
            if let Err(refusal) = self.require_unchanged(&edit) {
                self.edits = old;
                return Err(refusal);
            }
            self.edits.push(edit);
        }
        Ok(())
    }

    /// Returns the edits that remove children that have their own lines.
    fn removed_lines(&self, parent: &Parent<'_, '_>) -> Result<Vec<(Range<usize>, String)>, Refusal> {
        let mut edits = Vec::new();
        let Parent { document, node, changed, .. } = parent;
        let staying = (0..parent.children.len()).find(|index| !changed.removed.contains(index));
        let mut removed = changed.removed.iter().copied().peekable();
        if staying.is_none() && !changed.grown {
            let empty = if matches!(document.get(parent.pointer), Some(Value::Map(_))) { "{}" } else { "[]" };
            if node.key.is_none() {
                return Err(Refusal::new("nothing else is in it", "remove the whole of it"));
            }
            edits.push((node.lead..node.lead, format!(" {empty}")));
        }
        if let Some(&first) = removed.peek()
            && !self.has_own_line(&self.child(parent, first)?)
        {
            // The next one that stays takes the place after the `-`.
            let staying = staying.ok_or_else(Refusal::odd)?;
            let range = self.child(parent, first)?.mark()..self.child(parent, staying)?.mark();
            while let Some(index) = removed.next_if(|index| *index < staying) {
                let (pointer, child) = (self.pointer(parent, index)?, self.child(parent, index)?);
                let own = child.mark()..self.child(parent, index + 1)?.mark();
                if let Some(lost) = self.text.comments(document, pointer, &own)?.first() {
                    return Err(Refusal::comment(lost));
                }
            }
            edits.push((range, String::new()));
        }
        for index in removed {
            let (pointer, child) = (self.pointer(parent, index)?, self.child(parent, index)?);
            if !self.has_own_line(&child) {
                return Err(Refusal::odd());
            }
            let lines = self.text.line_start(child.mark())..self.text.lines_end(document, pointer, &child)?;
            let comments = self.text.comments(document, pointer, &lines)?;
            let lead = " ".repeat(self.text.column(child.mark()));
            let ending = self.text.ending();
            let mut kept: String =
                comments.iter().map(|comment| format!("{lead}{comment}{ending}")).collect();
            if !self.text.get(lines.start, lines.end).ends_with('\n') {
                kept.truncate(kept.trim_end_matches(['\n', '\r']).len());
            }
            edits.push((lines, kept));
        }
        Ok(edits)
    }

    fn has_own_line(&self, child: &Node) -> bool {
        self.text.before(child.mark()).trim_matches(['\u{feff}', ' ']).is_empty()
    }

    /// Returns the edits that remove children in brackets: each with the comma before it, or with the one after it if no
    /// child before it stays.
    fn removed_in_flow(&self, parent: &Parent<'_, '_>) -> Result<Vec<(Range<usize>, String)>, Refusal> {
        let mut edits = Vec::new();
        for &index in &parent.changed.removed {
            let child = self.child(parent, index)?;
            let (start, end) = (self.flow_start(&child), self.text.end(&child)?);
            let stays_before = (0..index).any(|before| !parent.changed.removed.contains(&before));
            let range = if stays_before {
                let before = self.text.get(0, start).trim_end();
                before.strip_suffix(',').map_or(start, str::len)..end
            } else {
                let after = self.text.get(end, self.text.text.len());
                let rest = after.trim_start_matches([' ', '\t']).strip_prefix(',').unwrap_or(after);
                start..self.text.text.len() - rest.trim_start_matches([' ', '\t']).len()
            };
            let pointer = self.pointer(parent, index)?;
            if let Some(lost) = self.text.comments(parent.document, pointer, &range)?.first() {
                return Err(Refusal::comment(lost));
            }
            edits.push((range, String::new()));
        }
        Ok(edits)
    }

    /// Returns the offset of a child in brackets, with its key.
    pub(crate) fn flow_start(&self, child: &Node) -> usize {
        child.key.as_ref().map_or(child.start, |key| key.start)
    }

    fn pointer<'p>(&self, parent: &Parent<'p, '_>, index: usize) -> Result<&'p str, Refusal> {
        parent.children.get(index).map(String::as_str).ok_or_else(Refusal::odd)
    }

    fn child(&self, parent: &Parent<'_, '_>, index: usize) -> Result<Node, Refusal> {
        self.text.node(parent.document, self.pointer(parent, index)?)
    }
}
