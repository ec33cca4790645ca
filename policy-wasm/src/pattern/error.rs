//! Why a pattern is refused, in the words that Go's `regexp` uses.

use std::fmt;
use std::ops::Range;

/// What is wrong with a pattern. The text of a variant is Go's where Go has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
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

impl Fault {
    fn words(self) -> &'static str {
        match self {
            Fault::ClassRange => "invalid character class range",
            Fault::Escape => "invalid escape sequence",
            Fault::NamedCapture => "invalid named capture",
            Fault::PerlSyntax => "invalid or unsupported Perl syntax",
            Fault::RepeatOperator => "invalid nested repetition operator",
            Fault::RepeatCount => "invalid repeat count",
            Fault::MissingBracket => "missing closing ]",
            Fault::MissingParen => "missing closing )",
            Fault::MissingRepeatArgument => "missing argument to repetition operator",
            Fault::TrailingBackslash => "trailing backslash at end of expression",
            Fault::UnexpectedParen => "unexpected )",
            Fault::NestingDepth => "expression nests too deeply",
            Fault::Large => "expression too large",
        }
    }
}

/// A pattern that RE2 does not read. It makes the whole allowlist an error: an unreadable pattern must never
/// pass for one that merely does not match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    fault: Fault,
    fragment: String,
    offset: usize,
    hint: Option<String>,
}

impl PatternError {
    /// Blames the bytes `fragment` of `pattern`.
    pub(super) fn new(fault: Fault, pattern: &str, fragment: Range<usize>) -> Self {
        let offset = pattern.get(..fragment.start).map_or(0, |before| before.chars().count());
        let fragment = pattern.get(fragment).unwrap_or_default().to_owned();
        PatternError { fault, fragment, offset, hint: None }
    }

    /// Blames the whole of `pattern`, for faults that Go quotes it for, and points at the byte `at`.
    pub(super) fn whole(fault: Fault, pattern: &str, at: usize) -> Self {
        let offset = pattern.get(..at).map_or(0, |before| before.chars().count());
        PatternError { fault, fragment: pattern.to_owned(), offset, hint: None }
    }

    /// Adds what to do about it.
    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        PatternError { hint: Some(hint.into()), ..self }
    }

    /// Where the fault is: the number of Unicode scalars of the pattern that come before it.
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
        write!(f, "{}: `{}`", self.fault.words(), self.fragment)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PatternError {}
