//! Findings and their places.

use hallpass_document::Position;

use crate::fix::Fix;
use crate::object::Source;
use crate::rule::{Effect, Level, Rule};

/// The place of a value, or of a missing one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The index of the file.
    pub source: usize,
    /// The index of the document in the file.
    pub document: usize,
    /// JSON pointer, from the root of the document.
    pub pointer: String,
    /// Whether the key of the value is wrong, not the value.
    pub in_key: bool,
}

/// A finding of a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The level: that of the rule, unless this finding is less certain, or the program that reads the file sets another.
    pub level: Level,
    /// The place of the value.
    pub place: Place,
    /// The message: in lower case, with user input in backticks.
    pub message: String,
    /// The help line: what to do next.
    pub help: Option<String>,
    /// A place to compare with, and a text about it.
    pub related: Option<(Place, String)>,
    /// The change that fixes it, if that is mechanical.
    pub fix: Option<Fix>,
    /// The reason why the fix could not be made, if a program tried.
    pub not_fixed: Option<String>,
    /// The position in the file, if the finding is about a comment. Otherwise, `place` has the position.
    pub at: Option<Position>,
    /// The reason of the comment that suppresses it.
    pub suppressed: Option<String>,
}

impl Finding {
    /// Creates a finding.
    #[must_use]
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        Finding {
            rule,
            level: rule.level,
            place,
            message: message.into(),
            help: None,
            related: None,
            fix: None,
            not_fixed: None,
            at: None,
            suppressed: None,
        }
    }

    /// Whether its fix may permit more than the file does now.
    #[must_use]
    pub fn may_permit_more(&self) -> bool {
        self.fix.is_some() && self.rule.fix != Some(Effect::PermitsNoMore)
    }

    /// Returns the position in its file: that of the value, or of its key if the key is wrong or the value is a map or a list.
    #[must_use]
    pub fn position(&self, source: &Source<'_>) -> Option<Position> {
        if self.at.is_some() {
            return self.at;
        }
        let document = source.documents.get(self.place.document)?;
        let value = document.locate(&self.place.pointer);
        let is_key = self.place.in_key || value.width == 0;
        Some(if is_key { document.locate_key(&self.place.pointer) } else { value }.position())
    }

    /// Sets the help.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Sets a place to compare with.
    pub fn related(&mut self, place: Place, text: impl Into<String>) -> &mut Self {
        self.related = Some((place, text.into()));
        self
    }

    /// Sets the level.
    pub fn level(&mut self, level: Level) -> &mut Self {
        self.level = level;
        self
    }

    /// Sets the change that fixes it.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }
}
