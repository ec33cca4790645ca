//! Why a pattern is rejected, in the words of Go's `regexp`.

use std::fmt;
use std::ops::Range;

/// The kind of error. The wording is Go's if Go has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    ClassRange,
    Escape,
    NamedCapture,
    PerlSyntax,
    RepeatOperator,
    RepeatCount,
    MissingBracket,
    MissingParen,
    MissingRepeatArgument,
    TrailingBackslash,
    UnexpectedParen,
    NestingDepth,
    Large,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Kind::ClassRange => "invalid character class range",
            Kind::Escape => "invalid escape sequence",
            Kind::NamedCapture => "invalid named capture",
            Kind::PerlSyntax => "invalid or unsupported Perl syntax",
            Kind::RepeatOperator => "invalid nested repetition operator",
            Kind::RepeatCount => "invalid repeat count",
            Kind::MissingBracket => "missing closing ]",
            Kind::MissingParen => "missing closing )",
            Kind::MissingRepeatArgument => "missing argument to repetition operator",
            Kind::TrailingBackslash => "trailing backslash at end of expression",
            Kind::UnexpectedParen => "unexpected )",
            Kind::NestingDepth => "expression nests too deeply",
            Kind::Large => "expression too large",
        }
    }
}

/// A pattern that Go or RE2 rejects. It displays Go's message, the invalid part of the pattern, and a hint if there is
/// an obvious fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    kind: Kind,
    fragment: String,
    offset: usize,
    hint: Option<String>,
}

impl PatternError {
    /// Creates an error for the bytes `fragment` of `pattern`.
    pub(crate) fn new(kind: Kind, pattern: &str, fragment: Range<usize>) -> Self {
        let offset = pattern.get(..fragment.start).map_or(0, |before| before.chars().count());
        let fragment = pattern.get(fragment).unwrap_or_default().to_owned();
        PatternError { kind, fragment, offset, hint: None }
    }

    /// Creates an error for which Go quotes the whole pattern, at byte `at`.
    pub(crate) fn whole(kind: Kind, pattern: &str, at: usize) -> Self {
        let offset = pattern.get(..at).map_or(0, |before| before.chars().count());
        PatternError { kind, fragment: pattern.to_owned(), offset, hint: None }
    }

    /// Adds a hint.
    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        PatternError { hint: Some(hint.into()), ..self }
    }

    /// Returns the position of the error: the number of characters before it.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the invalid part of the pattern.
    #[must_use]
    pub fn fragment(&self) -> &str {
        &self.fragment
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}`", self.kind.words(), self.fragment)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PatternError {}
