//! Why a pattern is refused, in the words that Go's `regexp` uses.

use std::fmt;
use std::ops::Range;

/// What is wrong with a pattern. The wording is Go's wherever Go has one.
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

/// A pattern that Go or RE2 refuses. It displays Go's message, the part of the pattern at fault and, if there
/// is an obvious fix, a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    kind: Kind,
    fragment: String,
    offset: usize,
    hint: Option<String>,
}

impl PatternError {
    /// Blames the bytes `fragment` of `pattern`.
    pub(crate) fn new(kind: Kind, pattern: &str, fragment: Range<usize>) -> Self {
        let offset = pattern.get(..fragment.start).map_or(0, |before| before.chars().count());
        let fragment = pattern.get(fragment).unwrap_or_default().to_owned();
        PatternError { kind, fragment, offset, hint: None }
    }

    /// Blames the whole of `pattern`, for faults that Go quotes it for, and points at the byte `at`.
    pub(crate) fn whole(kind: Kind, pattern: &str, at: usize) -> Self {
        let offset = pattern.get(..at).map_or(0, |before| before.chars().count());
        PatternError { kind, fragment: pattern.to_owned(), offset, hint: None }
    }

    /// Adds what to do about it.
    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        PatternError { hint: Some(hint.into()), ..self }
    }

    /// Where the pattern is at fault: the number of characters before that place.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The part of the pattern that is at fault.
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
