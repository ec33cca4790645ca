//! A list of patterns and literal texts.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use crate::ast::{Ast, MAX_COST};
use crate::automaton::Automaton;
use crate::error::{Kind, PatternError};
use crate::lookup::{Prefixes, Texts};
use crate::parse;
use crate::simple::{self, Simple};

/// One entry of a [`Matcher`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A literal: it matches only the same text.
    Text(&'a str),
    /// A pattern: it must match the whole text, with or without anchors.
    Pattern(&'a str),
}

/// A list of entries that matches if any of its entries matches. The default is empty and matches nothing.
///
/// A matcher can be shared between threads. The automaton is built when a text first needs it, so literals and simple
/// patterns stay cheap.
#[derive(Default)]
pub struct Matcher<'a> {
    texts: Texts<'a>,
    prefixes: Prefixes<'a>,
    asts: Vec<Ast>,
    automaton: OnceLock<Automaton>,
}

impl<'a> Matcher<'a> {
    /// Parses the entries of a list.
    ///
    /// # Errors
    /// Every invalid pattern, with its index in the list, in order. A pattern is also invalid if its automaton,
    /// together with those of the patterns before it, would be too large.
    pub fn new<I>(entries: I) -> Result<Self, Vec<(usize, PatternError)>>
    where
        I: IntoIterator<Item = Entry<'a>>,
    {
        let mut texts = Vec::new();
        let mut prefixes = Vec::new();
        let mut asts: Vec<Ast> = Vec::new();
        let mut cost = 0_u64;
        let mut errors = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            let pattern = match entry {
                Entry::Text(text) => {
                    texts.push(Cow::Borrowed(text));
                    continue;
                }
                Entry::Pattern(pattern) => pattern,
            };
            match simple::recognize(pattern) {
                Some(Simple::Exactly(text)) => texts.push(text),
                Some(Simple::OneOf(all)) => texts.extend(all.into_iter().map(Cow::Owned)),
                Some(Simple::Prefix(prefix)) => prefixes.push(prefix),
                None => match parse::parse(pattern) {
                    Ok(ast) if cost + ast.cost() > MAX_COST => {
                        let error = PatternError::whole(Kind::Large, pattern, 0);
                        errors.push((
                            index,
                            error.with_hint("the patterns of this list are too large together"),
                        ));
                    }
                    Ok(ast) => {
                        cost += ast.cost();
                        asts.push(ast);
                    }
                    Err(error) => errors.push((index, error)),
                },
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Matcher {
            texts: Texts::new(texts),
            prefixes: Prefixes::new(prefixes),
            asts,
            automaton: OnceLock::new(),
        })
    }

    /// Whether `text` equals one of the literals, or one of the patterns matches the whole text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.texts.contains(text) || self.prefixes.match_line(text) || self.pattern_matches(text)
    }

    /// Returns the maximum size of the automaton, in states and transitions. A list is limited to 524,288, about twenty
    /// megabytes. A program with many lists can add up their costs to limit the total.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.asts.iter().map(Ast::cost).sum()
    }

    fn pattern_matches(&self, text: &str) -> bool {
        !self.asts.is_empty() && self.automaton.get_or_init(|| Automaton::new(&self.asts)).matches(text)
    }
}

impl fmt::Debug for Matcher<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher")
            .field("texts", &self.texts)
            .field("prefixes", &self.prefixes)
            .field("patterns", &self.asts.len())
            .finish_non_exhaustive()
    }
}
