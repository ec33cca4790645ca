//! Lists of literals and patterns, compared as sets of texts.

use hallpass_policy::pattern::{entry, is_pattern};
use hallpass_re2::{Beyond, Entry, beyond};

use super::Example;

/// A string of a list that accepts a text that no string of the other list accepts.
pub(super) struct Wider<'v> {
    pub(super) index: usize,
    pub(super) text: &'v str,
    /// For a pattern.
    pub(super) example: Option<Example>,
}

/// Returns the strings of `list` that accept more than all of `other`.
pub(super) fn wider<'v>(list: &[&'v str], other: &[&str]) -> Vec<Wider<'v>> {
    compare(list, other.iter().map(|text| entry(text)).collect())
}

/// Returns the same for images and for the names of variables, which are never empty.
pub(super) fn wider_names<'v>(list: &[&'v str], other: &[&str]) -> Vec<Wider<'v>> {
    compare(list, other.iter().map(|text| entry(text)).chain([Entry::Text("")]).collect())
}

fn compare<'v>(list: &[&'v str], known: Vec<Entry<'_>>) -> Vec<Wider<'v>> {
    let compare = |(index, text): (usize, &&'v str)| {
        let example = match beyond(&[entry(text)], &known) {
            Ok(Beyond::Nothing) => return None,
            Ok(Beyond::Text(example)) => Example::Text(example),
            // Patterns were compiled when the allowlists were read. If not, nothing is known of them.
            Ok(Beyond::Undecided) | Err(_) => Example::Undecided,
        };
        Some(Wider { index, text, example: is_pattern(text).then_some(example) })
    };
    list.iter().enumerate().filter_map(compare).collect()
}
