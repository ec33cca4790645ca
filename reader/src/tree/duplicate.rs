//! Duplicate keys: rejected, or recorded for callers that know whether they matter. The last value counts, as in
//! kubectl.

use std::borrow::Cow;

use hallpass_document::Value;

use super::{Builder, Expects};
use crate::position::{Place, push_step};
use crate::shown::shown;
use hallpass_document::{Diagnostic, Position};

/// A duplicate key with a longer path, in bytes, is rejected, because each one is kept with its path.
const LONGEST_PATH: usize = 4096;

impl<'a> Builder<'a> {
    /// Adds a duplicate of the key at index `first` of `fields`. If an alias or a merge also copies the map elsewhere,
    /// the path of the key does not include those locations.
    pub(super) fn key_again(
        &mut self,
        key: Cow<'a, str>,
        place: Place,
        first: usize,
        shared: bool,
    ) -> Result<(), Diagnostic> {
        let error = self.duplicate(&key, place.spot, first);
        let merged = self.frames.iter().any(|frame| matches!(frame.expects, Expects::Merged { .. }));
        let many = self.duplicates.len() >= self.duplicates_limit || error.path.len() > LONGEST_PATH;
        if shared || merged || many {
            return Err(error);
        }
        self.duplicates.push(error);
        if let Some(frame) = self.frames.last_mut() {
            frame.expects = Expects::Again { key, place, first };
        }
        Ok(())
    }

    /// Replaces the value of the field at index `field`, whose positions start at `places`.
    pub(super) fn replace(&mut self, field: usize, places: usize, value: Value<'a>, with: [Place; 2]) {
        if let Some((_, old)) = self.fields.get_mut(field) {
            *old = value;
        }
        for (place, new) in self.open.iter_mut().skip(places).zip(with) {
            *place = new;
        }
    }

    fn duplicate(&self, key: &str, second: Position, first: usize) -> Diagnostic {
        let line = self
            .frames
            .last()
            .and_then(|frame| self.open.get(frame.places + 2 * (first - frame.children)))
            .map_or(0, |place| place.spot.line);
        let mut path = self.path();
        push_step(&mut path, key);
        let key = shown(key);
        Diagnostic::at(second, format!("duplicate key `{key}` in this map, first on line {line}"))
            .help("keep one of them")
            .path(path)
    }
}
