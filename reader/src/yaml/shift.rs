//! Blanks that are inserted for the parser, and the conversion of its marks to positions in the file.

use std::cell::RefCell;

use saphyr_parser::{Marker, Span};

/// The blanks inserted before lines so far, in order.
#[derive(Default)]
pub(super) struct Shifts(RefCell<Vec<Shift>>);

struct Shift {
    /// The parser's index of the line's start.
    line: usize,
    blanks: usize,
    /// The number of inserted blanks before this line.
    before: usize,
}

impl Shifts {
    /// Records blanks before a line. `start` is the number of characters before the line.
    pub(super) fn push(&self, start: usize, blanks: usize) {
        let mut shifts = self.0.borrow_mut();
        let before = shifts.last().map_or(0, |last| last.before + last.blanks);
        shifts.push(Shift { line: start + before, blanks, before });
    }

    /// Converts the parser's span to a span of the document.
    pub(super) fn undo(&self, span: Span) -> Span {
        Span::new(self.undo_mark(span.start), self.undo_mark(span.end))
    }

    pub(super) fn undo_mark(&self, mark: Marker) -> Marker {
        let shifts = self.0.borrow();
        let passed = shifts.partition_point(|shift| shift.line <= mark.index());
        let Some(shift) = passed.checked_sub(1).and_then(|last| shifts.get(last)) else { return mark };
        let here = shift.line + mark.col() == mark.index();
        let own = if here { shift.blanks.min(mark.col()) } else { shift.blanks };
        let column = if here { mark.col() - own } else { mark.col() };
        Marker::new(mark.index() - shift.before - own, mark.line(), column)
    }
}
