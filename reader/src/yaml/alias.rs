//! Nodes with anchors, and aliases.

use hallpass_document::{MAX_DEPTH, Value};
use saphyr_parser::Span;

use super::anchor::Refusal;
use super::{Loader, source};
use crate::position::Place;
use crate::shown::{clamp, shown};
use hallpass_document::{Diagnostic, Position};

impl<'a> Loader<'a> {
    pub(super) fn alias(&mut self, id: usize, span: Span) -> Result<(), Diagnostic> {
        self.refuse_tab(span)?;
        let spot = self.source.spot(span.start, span.len());
        let room = MAX_DEPTH.saturating_sub(self.builder.depth());
        let value = self.anchors.expand(id, room).map_err(|refusal| {
            let name = shown(self.anchors.names().nth(id.saturating_sub(1)).unwrap_or_default());
            match refusal {
                Refusal::Itself => self
                    .builder
                    .error(spot, format!("alias `*{name}` is inside the node that it refers to"))
                    .help("a manifest cannot contain itself"),
                Refusal::TooLarge => self.too_large(spot),
                Refusal::TooDeep => self.builder.error(
                    spot,
                    format!("with alias `*{name}`, lists and maps are nested more than {MAX_DEPTH} deep"),
                ),
            }
        })?;
        if self.builder.expects_key() {
            let Value::String(key) = value else {
                let message = format!("this key is {}; a key must be a string", value.kind());
                return Err(self
                    .builder
                    .error(spot, message)
                    .help("write the key itself instead of an alias"));
            };
            let place = Place { anchor: clamp(id), ..Place::new(spot) };
            return self.builder.key(key, place, self.is_shared());
        }
        self.builder.value(value, Place { anchor: clamp(id), ..Place::new(spot) });
        Ok(())
    }

    pub(super) fn too_large(&self, spot: Position) -> Diagnostic {
        self.builder
            .error(spot, "alias expansion makes this document too large")
            .help("write out the repeated parts, or nest fewer aliases")
    }

    pub(super) fn start_anchor(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        if anchor == 0 {
            return Ok(());
        }
        let start = self.source.byte(span.start);
        let name = source::anchor_name(self.source.after(start));
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
            let spot = self.source.spot(span.start, 0);
            return Err(self
                .builder
                .error(spot, format!("`&{}` is not the name of an anchor", shown(name)))
                .help("use only letters, digits, `-` and `_`"));
        }
        self.anchors.start(anchor, name);
        Ok(())
    }

    pub(super) fn finish_anchor(
        &mut self,
        anchor: usize,
        value: &Value<'a>,
        spot: Position,
    ) -> Result<(), Diagnostic> {
        if anchor > 0 && self.keeps_anchors && !self.anchors.finish(anchor, value) {
            return Err(self.too_large(spot));
        }
        Ok(())
    }
}
