//! Values in the text of a file.

use std::ops::Range;

use hallpass_document::{At, Value};
use hallpass_reader::Document;

use crate::refusal::Refusal;
use crate::text::{Text, signs};

/// A value in the text, with its key.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The key, if the value is in a map.
    pub(crate) key: Option<Range<usize>>,
    /// The offset after the colon of the key, after the `-` of the item, or after the `[` or `,` before it.
    pub(crate) lead: usize,
    /// The offset of the value; equal to `lead` if nothing is written.
    pub(crate) start: usize,
    /// The number of characters if it is a scalar on one line.
    width: u32,
    pub(crate) kind: Kind,
}

/// The notation of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A scalar on one line, or nothing.
    Inline,
    /// A list or map in `[]` or `{}`.
    Flow,
    /// A list with each item after `- `, or a map with each field on its own line.
    Block,
    /// A text with several lines.
    Lines,
}

impl Node {
    /// Returns the offset of the key, or that of the `-` before an item.
    pub(crate) fn mark(&self) -> usize {
        self.key.as_ref().map_or(self.lead.saturating_sub(1), |key| key.start)
    }
}

impl Text<'_> {
    /// Returns the value at a pointer.
    ///
    /// # Errors
    /// The value, or one that contains it, is used through an anchor, or has an anchor, a tag or an unusual notation.
    pub(crate) fn node(&self, document: &Document<'_>, pointer: &str) -> Result<Node, Refusal> {
        let mut found = self.root(document)?;
        for (at, _) in pointer.match_indices('/').skip(1).chain([(pointer.len(), "")]) {
            let Some(above) = pointer.get(..at).filter(|above| !above.is_empty()) else { break };
            found = self.child(document, above)?;
        }
        Ok(found)
    }

    fn root(&self, document: &Document<'_>) -> Result<Node, Refusal> {
        let location = document.locate("");
        let start = self.offset(location.line, location.column).ok_or_else(Refusal::odd)?;
        let kind = self.kind(document.root(), start, location.width);
        Ok(Node { key: None, lead: start, start, width: location.width, kind })
    }

    /// Returns the value at a pointer that is not the root.
    fn child(&self, document: &Document<'_>, pointer: &str) -> Result<Node, Refusal> {
        let value = document.get(pointer).ok_or_else(|| {
            Refusal::new("it does not exist", "check the file for changes, and run this again")
        })?;
        let (location, key) = (document.locate(pointer), document.locate_key(pointer));
        if let Some(name) = key.anchor.or(location.anchor) {
            return Err(Refusal::anchored(name));
        }
        let at = self.offset(location.line, location.column).ok_or_else(Refusal::odd)?;
        let (above, _) = pointer.rsplit_once('/').unwrap_or_default();
        let (key, lead) = match document.get(above) {
            Some(Value::Map(_)) => {
                let key_start = self.offset(key.line, key.column).ok_or_else(Refusal::odd)?;
                let (key, colon) = self.key(key_start, key.width).ok_or_else(Refusal::odd)?;
                (Some(key), colon)
            }
            _ => (None, self.item_lead(at)?),
        };
        // An empty value has the position of its key.
        if value.is_null() && at < lead {
            return Ok(Node { key, lead, start: lead, width: 0, kind: Kind::Inline });
        }
        let start = if key.is_some() { self.first_dash(lead, at) } else { at };
        self.require_bare(lead, start)?;
        let kind = self.kind(value, start, location.width);
        if kind == Kind::Inline && location.width == 0 {
            return Err(Refusal::odd());
        }
        Ok(Node { key, lead, start, width: location.width, kind })
    }

    /// Returns a key, and the offset after its colon.
    fn key(&self, start: usize, width: u32) -> Option<(Range<usize>, usize)> {
        let end = self.after(start, width).filter(|_| width > 0)?;
        let rest = self.text.get(end..)?;
        let colon = end + rest.len() - rest.trim_start_matches([' ', '\t']).strip_prefix(':')?.len();
        Some((start..end, colon))
    }

    /// Returns the offset after the `-`, `[` or `,` before an item. Only comments may be between them.
    fn item_lead(&self, item: usize) -> Result<usize, Refusal> {
        let mut end = item;
        loop {
            let line = self.line_start(end);
            let mut written = self.get(line, end);
            if end < item {
                let sign = signs(written).next().unwrap_or(written.len());
                written = written.get(..sign).unwrap_or(written);
            }
            let written = written.trim_end();
            let before = written.strip_suffix('-').map(|before| before.chars().next_back());
            let is_dash = before.is_some_and(|before| before.is_none_or(char::is_whitespace));
            if is_dash || written.ends_with(['[', ',']) {
                return Ok(line + written.len());
            }
            if !written.trim().is_empty() {
                return Err(self.unusual(line, item));
            }
            end = line.checked_sub(1).ok_or_else(Refusal::odd)?;
        }
    }

    /// Returns the first `-` of a list if the line of its first item starts with one: the position of a list is that of
    /// the dash or that of the item.
    fn first_dash(&self, lead: usize, value: usize) -> usize {
        let start = self.line_start(value).max(lead);
        let written = self.get(start, value);
        match written.trim_start_matches(' ') {
            text if text.starts_with('-') => start + written.len() - text.len(),
            _ => value,
        }
    }

    /// Requires that only comments are between two offsets.
    fn require_bare(&self, from: usize, to: usize) -> Result<(), Refusal> {
        let is_bare = self.get(from, to).lines().all(|line| {
            let line = line.trim();
            line.is_empty() || line.starts_with('#')
        });
        if is_bare && from <= to { Ok(()) } else { Err(self.unusual(from, to)) }
    }

    fn unusual(&self, from: usize, to: usize) -> Refusal {
        match self.get(from, to).contains(['&', '!']) {
            true => Refusal::new("it has an anchor or a tag", "write it without the anchor or the tag"),
            false => Refusal::odd(),
        }
    }

    fn kind(&self, value: &Value<'_>, start: usize, width: u32) -> Kind {
        let first = self.text.get(start..).and_then(|rest| rest.chars().next());
        match value {
            Value::List(_) | Value::Map(_) if matches!(first, Some('[' | '{')) => Kind::Flow,
            Value::List(_) | Value::Map(_) => Kind::Block,
            Value::String(_) if width == 0 => Kind::Lines,
            _ => Kind::Inline,
        }
    }

    /// Returns the end of a value that is not a block.
    ///
    /// # Errors
    /// The value is a block, or has several lines without brackets.
    pub(crate) fn end(&self, node: &Node) -> Result<usize, Refusal> {
        match node.kind {
            Kind::Flow => self.flow_end(node.start).ok_or_else(Refusal::odd),
            Kind::Inline => self.after(node.start, node.width).ok_or_else(Refusal::odd),
            Kind::Block | Kind::Lines => Err(several_lines()),
        }
    }

    /// Returns the offset after the last line of a value that is not in brackets.
    ///
    /// # Errors
    /// Something other than a comment follows on that line.
    pub(crate) fn lines_end(
        &self,
        document: &Document<'_>,
        pointer: &str,
        node: &Node,
    ) -> Result<usize, Refusal> {
        match node.kind {
            Kind::Inline | Kind::Flow => self.comment_end(self.end(node)?),
            Kind::Block => {
                let last = self.children(document, pointer).max_by_key(|(start, _)| *start);
                let (_, last) = last.ok_or_else(Refusal::odd)?;
                match document.locate(&last).anchor {
                    // An alias is a single word.
                    Some(_) => {
                        let start = self.start(document, &last).ok_or_else(Refusal::odd)?;
                        let alias = self.rest_of_line(start).split([' ', '\t']).next().unwrap_or_default();
                        self.comment_end(start + alias.len())
                    }
                    None => self.lines_end(document, &last, &self.child(document, &last)?),
                }
            }
            Kind::Lines => match self.get(node.start, node.start + 1) {
                "'" | "\"" => Err(several_lines()),
                _ => Ok(self.block_end(node.start, self.column(node.mark()))),
            },
        }
    }

    /// Returns the offset of the next line, if nothing but a comment follows on this one.
    fn comment_end(&self, end: usize) -> Result<usize, Refusal> {
        let rest = self.rest_of_line(end).trim();
        if rest.is_empty() || rest.starts_with('#') { Ok(self.next_line(end)) } else { Err(Refusal::odd()) }
    }

    /// Returns the children of a list or map, with the offsets of their values.
    fn children(&self, document: &Document<'_>, pointer: &str) -> impl Iterator<Item = (usize, String)> {
        let pointers = children(document.get(pointer), pointer).into_iter();
        pointers.filter_map(|child| Some((self.start(document, &child)?, child)))
    }

    fn start(&self, document: &Document<'_>, pointer: &str) -> Option<usize> {
        let location = document.locate(pointer);
        self.offset(location.line, location.column)
    }
}

/// Returns the pointers of the children of a list or map.
pub(crate) fn children(value: Option<&Value<'_>>, pointer: &str) -> Vec<String> {
    let at = At::pointer_to(pointer);
    match value {
        Some(Value::List(items)) => (0..items.len()).map(|index| at.index(index).pointer()).collect(),
        Some(Value::Map(fields)) => fields.iter().map(|(key, _)| at.key(key).pointer()).collect(),
        _ => Vec::new(),
    }
}

fn several_lines() -> Refusal {
    Refusal::new("a value has several lines", "write it on one line")
}
