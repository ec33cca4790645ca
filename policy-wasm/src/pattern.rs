//! The strings of an allowlist that may be patterns (rule P1): RE2, as Go's `regexp` reads it.
//!
//! A string is a pattern only if it begins with `^` and ends with `$`; any other is compared as it stands.
//! A pattern has to match a text from end to end: `^a|b$` matches `a` and `b`, and not `axx`.
//!
//! Every pattern is read in full when a [`Matcher`] is made, so that a bad one is found when its allowlist is
//! loaded. What takes an automaton waits for the first text that the simpler entries do not match.

mod alphabet;
mod bracket;
mod characters;
mod charset;
mod compile;
mod cursor;
mod dfa;
#[cfg(feature = "abi-kubewarden")]
mod direct;
mod engine;
mod error;
mod escape;
mod group;
mod lookup;
mod nfa;
mod parse;
mod reached;
mod repeat;
mod simple;
#[cfg(test)]
mod tests;
mod tree;
mod unicode;
mod utf8;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

#[cfg(feature = "abi-kubewarden")]
use direct::Direct;
use engine::Engine;
use error::Fault;
pub use error::PatternError;
use lookup::{Prefixes, Texts};
use simple::Simple;
use tree::{MAX_COST, Tree};

/// Whether a string of an allowlist is a pattern: it begins with `^` and ends with `$`. An escaped dollar is a
/// dollar: `^foo\$` is a pattern, which matches the text `foo$`.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    text.strip_prefix('^').is_some_and(|rest| rest.ends_with('$'))
}

/// A list of an allowlist's strings, ready to be asked which texts it allows. The default is empty and allows none.
#[derive(Default)]
pub struct Matcher<'a> {
    texts: Texts<'a>,
    prefixes: Prefixes<'a>,
    trees: Vec<Tree>,
    /// In place of the trees.
    #[cfg(feature = "abi-kubewarden")]
    direct: Option<Direct<'a>>,
    engine: OnceLock<Engine>,
}

impl<'a> Matcher<'a> {
    /// Reads the strings of a list.
    ///
    /// # Errors
    /// Every pattern that is invalid, with its index in the list, in order. A pattern is also refused if its
    /// automaton, together with those of the patterns before it, would be too large.
    pub fn new<I>(entries: I) -> Result<Self, Vec<(usize, PatternError)>>
    where
        I: IntoIterator<Item = &'a str>,
    {
        let mut texts = Vec::new();
        let mut prefixes = Vec::new();
        let mut others = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            if !is_pattern(entry) {
                texts.push(Cow::Borrowed(entry));
                continue;
            }
            match simple::recognise(entry) {
                Some(Simple::Exactly(text)) => texts.push(text),
                Some(Simple::OneOf(all)) => texts.extend(all.into_iter().map(Cow::Owned)),
                Some(Simple::Prefix(prefix)) => prefixes.push(prefix),
                None => others.push((index, entry)),
            }
        }
        #[cfg(feature = "abi-kubewarden")]
        if let Some(direct) = Direct::read(others.iter().map(|(_, entry)| *entry)) {
            return Ok(Matcher {
                texts: Texts::new(texts),
                prefixes: Prefixes::new(prefixes),
                direct: Some(direct),
                ..Matcher::default()
            });
        }
        let mut trees: Vec<Tree> = Vec::new();
        let mut cost = 0_u64;
        let mut errors = Vec::new();
        for (index, entry) in others {
            match parse::parse(entry) {
                Ok(tree) if cost + tree.cost() > MAX_COST => {
                    let error = PatternError::whole(Fault::Large, entry, 0);
                    errors.push((index, error.with_hint("the patterns of this list are too large together")));
                }
                Ok(tree) => {
                    cost += tree.cost();
                    trees.push(tree);
                }
                Err(error) => errors.push((index, error)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Matcher {
            texts: Texts::new(texts),
            prefixes: Prefixes::new(prefixes),
            trees,
            ..Matcher::default()
        })
    }

    /// Whether `text` equals one of the strings that are no patterns, or one of the patterns matches all of it.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.texts.contains(text) || self.prefixes.match_line(text) || self.pattern_matches(text)
    }

    /// The most states and arcs that its automaton will have, once a text asks for it.
    pub(crate) fn cost(&self) -> u64 {
        #[cfg(feature = "abi-kubewarden")]
        if let Some(direct) = &self.direct {
            return direct.cost();
        }
        self.trees.iter().map(Tree::cost).sum()
    }

    fn pattern_matches(&self, text: &str) -> bool {
        #[cfg(feature = "abi-kubewarden")]
        if let Some(direct) = &self.direct {
            let answer = if self.engine.get().is_none() { direct.matches(text) } else { None };
            return answer
                .unwrap_or_else(|| self.engine.get_or_init(|| Engine::new(&direct.trees())).matches(text));
        }
        if self.trees.is_empty() {
            return false;
        }
        self.engine.get_or_init(|| Engine::new(&self.trees)).matches(text)
    }
}

impl fmt::Debug for Matcher<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher")
            .field("texts", &self.texts)
            .field("prefixes", &self.prefixes)
            .field("patterns", &self.trees.len())
            .finish_non_exhaustive()
    }
}
