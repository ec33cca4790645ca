//! YAML's merge key, `<<`: copies the fields of other maps into a map.

use std::borrow::Cow;

use hallpass_document::Value;

use super::{Builder, Expects, Frame, find_field};
use crate::position::{Place, push_step};
use crate::shown::shown;
use hallpass_document::{Diagnostic, Position};

/// A merge key of an open map, with its value.
pub(super) struct Merge<'a> {
    pub(super) key: Position,
    /// The total number of fields before it.
    pub(super) before: usize,
    pub(super) value: Value<'a>,
    pub(super) place: Place,
}

impl<'a> Builder<'a> {
    /// Handles a merge key instead of the innermost map's next key.
    pub(crate) fn merge_key(&mut self, at: Position) -> Result<(), Diagnostic> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        if let Some(first) = &frame.merge {
            let line = first.key.line;
            return Err(self
                .error(at, format!("duplicate key `<<` in this map, first on line {line}"))
                .help("merge several maps with one key: `<<: [*a, *b]`"));
        }
        frame.expects = Expects::Merged { key: at, before: self.fields.len() };
        Ok(())
    }

    /// Adds the merged fields to the closed `frame`. If several maps have a field, the first one counts, as in all
    /// parsers. A field of the map itself overrides the merged value if it follows the merge key. If it precedes it,
    /// the values must be equal, because parsers disagree.
    pub(super) fn merge(&mut self, frame: &mut Frame<'a>, merge: Merge<'a>) -> Result<(), Diagnostic> {
        let before = merge.before;
        match merge.value {
            Value::Map(fields) => self.merge_map(frame, before, merge.place, fields, merge.key),
            Value::List(maps) if merge.place.anchor == 0 => {
                for (map, index) in maps.into_iter().zip(merge.place.children as usize..) {
                    let place = self.closed.get(index).copied().unwrap_or(merge.place);
                    let Value::Map(fields) = map else { return Err(self.not_a_map(place.spot, &map)) };
                    self.merge_map(frame, before, place, fields, merge.key)?;
                }
                Ok(())
            }
            other => Err(self.not_a_map(merge.place.spot, &other)),
        }
    }

    fn merge_map(
        &mut self,
        frame: &mut Frame<'a>,
        before: usize,
        place: Place,
        fields: Vec<(Cow<'a, str>, Value<'a>)>,
        merge: Position,
    ) -> Result<(), Diagnostic> {
        for ((key, value), index) in fields.into_iter().zip(0..) {
            if let Some(known) = find_field(frame, &self.fields, &key) {
                let differs = self.fields.get(known).is_some_and(|(_, own)| *own != value);
                if known < before && differs {
                    let own = self.open.get(frame.places + 2 * (known - frame.children));
                    return Err(self.conflict(&key, own.map_or(merge, |own| own.spot), merge.line));
                }
                continue;
            }
            if let Some(known) = &mut frame.known {
                known.insert(key.clone(), self.fields.len());
            }
            let own = |offset| self.closed.get(place.children as usize + 2 * index + offset).copied();
            let places = if place.anchor == 0 { [own(0), own(1)] } else { [None, None] };
            self.fields.push((key, value));
            self.open.extend(places.map(|own| own.unwrap_or(place)));
        }
        Ok(())
    }

    fn not_a_map(&self, at: Position, value: &Value<'a>) -> Diagnostic {
        self.error(at, format!("`<<` merges maps, and this is {}", value.kind()))
            .help("write `<<: *anchor`, where the anchor is a map, or `<<: [*one, *two]`")
    }

    fn conflict(&self, key: &str, own: Position, merge: u32) -> Diagnostic {
        let mut path = self.path();
        push_step(&mut path, key);
        let message = format!(
            "key `{}` has one value here and another one through the merge on line {merge}",
            shown(key)
        );
        Diagnostic::at(own, message)
            .help("YAML parsers disagree on which one counts: keep one of them")
            .path(path)
    }
}
