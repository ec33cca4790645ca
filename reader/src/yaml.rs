//! W3 for YAML: converts the parser's events for one document to a tree.

mod alias;
mod anchor;
mod explain;
mod input;
mod scalar;
mod shift;
mod source;
mod strict;
mod tag;
mod template;

use std::borrow::Cow;

use hallpass_document::{OtherNumber, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use crate::Limits;
use crate::position::{Cursor, Place};
use crate::shown::shown;
use crate::stream::Chunk;
use crate::text::survey;
use crate::tree::{Builder, Tree};
use anchor::Anchors;
use hallpass_document::{Diagnostic, Position};
use input::Text;
use scalar::Plain;
use shift::Shifts;
use source::Source;
use tag::Core;

/// Reads the document of a chunk; `None` if it contains only blanks and comments. The names are those of its anchors.
pub(crate) fn read<'a>(
    chunk: Chunk<'a>,
    limits: Limits,
) -> Result<Option<(Tree<'a>, Vec<&'a str>)>, Diagnostic> {
    let survey = survey(chunk.text, chunk.start())?;
    if chunk.is_blank() {
        return Ok(None);
    }
    if let Some(error) = explain::directive(&chunk) {
        return Err(error);
    }
    let mut loader = Loader {
        source: Source::new(chunk, survey),
        builder: Builder::new(limits.duplicates),
        anchors: Anchors::new(limits.alias_nodes.max(chunk.text.len() / BYTES_A_NODE)),
        keeps_anchors: survey.stars,
        open: Vec::new(),
        last_end: Span::default(),
        documents: 0,
    };
    let shifts = Shifts::default();
    let mut parser = Parser::new(Text::new(chunk.text, &shifts));
    while let Some(event) = parser.next_event() {
        let result = match event {
            Ok((event, span)) => loader.event(event, shifts.undo(span)),
            Err(error) => Err(explain::syntax(
                error.info(),
                shifts.undo_mark(*error.marker()),
                &mut loader.source,
                &loader.anchors,
                loader.builder.path(),
            )),
        };
        result.map_err(|error| template::explain(error, &loader.source))?;
    }
    Ok(loader.builder.finish().map(|tree| (tree, loader.anchors.into_names())))
}

/// In a large document, aliases may add one node per this many bytes.
const BYTES_A_NODE: usize = 16;

struct Loader<'a> {
    source: Source<'a>,
    builder: Builder<'a>,
    anchors: Anchors<'a>,
    /// Whether there is an alias, so that anchors must be kept.
    keeps_anchors: bool,
    open: Vec<Open>,
    /// The span of the previous event.
    last_end: Span,
    documents: usize,
}

/// An open map or list.
#[derive(Clone, Copy)]
struct Open {
    anchor: usize,
    /// Whether it is in brackets, or inside one that is.
    flow: bool,
    /// Whether an alias can refer to it, or to a node that contains it.
    shared: bool,
}

impl<'a> Loader<'a> {
    fn event(&mut self, event: Event<'a>, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), span)?
            }
            Event::MappingStart(anchor, tag) => self.open(anchor, tag.as_deref(), Core::Map, span)?,
            Event::SequenceStart(anchor, tag) => self.open(anchor, tag.as_deref(), Core::Seq, span)?,
            Event::MappingEnd | Event::SequenceEnd => self.close()?,
            Event::Alias(id) => self.alias(id, span)?,
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 || self.follows_end(span) {
                    let at = self.source.spot(span.start, 0);
                    return Err(Diagnostic::at(
                        at,
                        "a second document starts here without a `---` line before it",
                    )
                    .help("kubectl would silently ignore it: put a `---` line between the two"));
                }
            }
            Event::DocumentEnd | Event::StreamStart | Event::StreamEnd | Event::Nothing => {}
        }
        self.last_end = span;
        Ok(())
    }

    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        self.refuse_tab(span)?;
        let core = self.core(tag, span)?;
        self.start_anchor(anchor, span)?;
        let (text, spot) = if text.is_empty() && style == ScalarStyle::Plain {
            let own = self.source.spot(span.start, 0);
            (text, self.builder.current_key().filter(|_| anchor == 0 && tag.is_none()).unwrap_or(own))
        } else {
            let start = self.content(span, anchor > 0 || tag.is_some(), style);
            self.source.scalar(text, style, start)
        };
        self.refuse_in_flow(&text, style, span)?;
        let plain = style == ScalarStyle::Plain && core.is_none();
        if self.builder.expects_key() {
            return self.key(text, plain, core, anchor, spot);
        }
        let value = match core {
            None if plain => self.plain(text, spot)?,
            None => Value::String(text),
            Some(core) => self.tagged(core, text, spot)?,
        };
        self.finish_anchor(anchor, &value, spot)?;
        self.builder.value(value, Place::new(spot));
        Ok(())
    }

    fn key(
        &mut self,
        text: Cow<'a, str>,
        plain: bool,
        core: Option<Core>,
        anchor: usize,
        spot: Position,
    ) -> Result<(), Diagnostic> {
        if text == "<<" && (plain || core == Some(Core::Merge)) {
            return self.builder.merge_key(spot);
        }
        let key = match core {
            None if plain => scalar::key(text).map_err(|plain| self.bad_key(plain, spot))?,
            None | Some(Core::Str) => text,
            Some(_) => {
                return Err(self.builder.error(spot, "a key must be a string").help("remove the tag"));
            }
        };
        self.finish_anchor(anchor, &Value::String(key.clone()), spot)?;
        self.builder.key(key, Place::new(spot), self.is_shared())
    }

    fn bad_key(&self, plain: Plain, spot: Position) -> Diagnostic {
        let what = match plain {
            Plain::Null => "this key is null",
            _ => "this key is a number that JSON cannot represent as a key",
        };
        self.builder.error(spot, format!("{what}; a key must be a string")).help("write it in quotes")
    }

    fn plain(&self, text: Cow<'a, str>, spot: Position) -> Result<Value<'a>, Diagnostic> {
        Ok(match scalar::resolve(&text) {
            Plain::Null => Value::Null,
            Plain::Bool(bool) => Value::Bool(bool),
            Plain::Int(int) => Value::Int(int),
            Plain::Big(int) => OtherNumber::value(int.into()),
            Plain::Float(float) => Value::from_float(float),
            Plain::Text => Value::String(text),
            Plain::NotFinite => {
                let message = format!("`{}` is a number that JSON cannot represent", shown(&text));
                return Err(self.builder.error(spot, message).help("write it in quotes if it is a string"));
            }
        })
    }

    fn tagged(&self, core: Core, text: Cow<'a, str>, spot: Position) -> Result<Value<'a>, Diagnostic> {
        let message = format!("`{}` does not match its tag", shown(&text));
        tag::apply(core, text)
            .ok_or_else(|| self.builder.error(spot, message).help("remove the tag, or fix the value"))
    }

    fn open(&mut self, anchor: usize, tag: Option<&Tag>, kind: Core, span: Span) -> Result<(), Diagnostic> {
        self.refuse_tab(span)?;
        let core = self.core(tag, span)?;
        self.start_anchor(anchor, span)?;
        let start = self.content(span, anchor > 0 || tag.is_some(), ScalarStyle::Plain);
        let mut spot = start.spot(0);
        let bracket = matches!(start.peek(), Some(b'[' | b'{'));
        let flow = bracket || self.in_flow();
        if !flow && kind == Core::Seq && self.builder.current_key().is_some() {
            spot = self.source.dash(span.start).unwrap_or(spot);
        }
        if core.is_some_and(|core| core != kind) {
            let what = if kind == Core::Map { "a map" } else { "a list" };
            return Err(self
                .builder
                .error(spot, format!("this is {what}, which does not match its tag"))
                .help("remove the tag"));
        }
        if self.builder.expects_key() {
            let what = if kind == Core::Map { "a map" } else { "a list" };
            return Err(self
                .builder
                .error(spot, format!("this key is {what}; a key must be a string"))
                .help("write it in quotes"));
        }
        match kind {
            Core::Map => self.builder.open_map(spot)?,
            _ => self.builder.open_list(spot)?,
        }
        let shared = self.is_shared() || anchor > 0 && self.keeps_anchors;
        self.open.push(Open { anchor, flow, shared });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Diagnostic> {
        let anchor = self.open.pop().map_or(0, |open| open.anchor);
        if let Some((node, place)) = self.builder.close()? {
            self.finish_anchor(anchor, &node, place.spot)?;
            self.builder.value(node, place);
        }
        Ok(())
    }

    /// Returns the start of the node itself. The parser's span starts at its anchor or tag, and for a block scalar at
    /// its first content line.
    fn content(&mut self, span: Span, has_properties: bool, style: ScalarStyle) -> Cursor<'a> {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if !block && !has_properties {
            return self.source.cursor(span.start);
        }
        let from = if has_properties { span.start } else { self.last_end.end };
        let mut cursor = self.source.cursor(from);
        self.source.skip_to_content(&mut cursor);
        cursor
    }

    fn core(&mut self, tag: Option<&Tag>, span: Span) -> Result<Option<Core>, Diagnostic> {
        let Some(tag) = tag else { return Ok(None) };
        tag::read(tag).map(Some).map_err(|name| {
            let spot = self.source.spot(span.start, 0);
            self.builder.error(spot, format!("tag `{}` has no meaning in a manifest", shown(&name))).help(
                "remove it; only `!!str`, `!!int`, `!!bool`, `!!float`, `!!null`, `!!map` and `!!seq` are allowed",
            )
        })
    }

    fn in_flow(&self) -> bool {
        self.open.last().is_some_and(|open| open.flow)
    }

    fn is_shared(&self) -> bool {
        self.open.last().is_some_and(|open| open.shared)
    }
}
