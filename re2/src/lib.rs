#![doc = include_str!("../README.md")]

mod alphabet;
mod ast;
mod automaton;
mod beyond;
mod bracket;
mod characters;
mod charset;
mod compile;
mod cursor;
mod dfa;
mod error;
mod escape;
mod group;
mod lookup;
mod matcher;
mod nfa;
mod order;
mod parse;
mod reached;
mod repeat;
mod simple;
#[cfg(test)]
mod tests;
mod unicode;
mod utf8;
mod walk;

pub use beyond::{Beyond, Work, beyond, beyond_within, common};
pub use error::PatternError;
pub use matcher::{Entry, Matcher};
