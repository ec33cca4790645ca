//! What Unicode says of characters: the groups that `\p{...}` may name, and the other cases of a letter.
//!
//! regex-syntax knows both, but its tables and the only code that gives them out were a third of the Wasm
//! module. So the build script asks it, and keeps the answers in a tenth of
//! the space.

mod data;
mod names;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use crate::characters::Characters;
use crate::charset::{self, Charset};
use names::{CATEGORIES, stored};

/// Categories that are made up of all that begin like them. `C` is not one of them: Go 1.25 and later count
/// unassigned characters as `C`, RE2 and older Go do not, and a pattern that is not read the same everywhere
/// is refused.
const MAJOR: [&str; 6] = ["L", "M", "N", "P", "S", "Z"];

/// Every character with another case beside the next of its cases, in order. The last case leads to the first.
static CASES: LazyLock<Vec<(char, char)>> = LazyLock::new(|| data::cases().collect());

/// The group of that exact name. Go 1.25 and later also read `Letter`, `ASCII` or `greek`; RE2 and older Go
/// do not, so they are refused here.
pub(crate) fn group(name: &str) -> Option<Characters> {
    if name == "Any" {
        return Some(charset::any());
    }
    let major = MAJOR.contains(&name);
    let mut set = Charset::default();
    let mut known = false;
    for (stored, ranges) in stored().zip(data::groups()) {
        if stored == name || (major && CATEGORIES.contains(&stored) && stored.starts_with(name)) {
            known = true;
            ranges.for_each(|(low, high)| set.add_range(low, high));
        }
    }
    known.then(|| set.finish(false, false))
}

/// The name that was probably meant: the same letters, written otherwise.
pub(crate) fn suggestion(name: &str) -> Option<&'static str> {
    stored().chain(MAJOR).find(|known| letters(known).eq(letters(name)))
}

/// Every other case of every character in `low..=high`, by Unicode's simple folding, which is what Go and RE2
/// use.
pub(crate) fn other_cases(low: char, high: char) -> impl Iterator<Item = char> {
    let start = CASES.partition_point(|(c, _)| *c < low);
    let cased = CASES.iter().skip(start).map(|(c, _)| *c).take_while(move |c| *c <= high);
    cased.flat_map(|c| {
        std::iter::successors(next_case(c), |other| next_case(*other)).take_while(move |o| *o != c)
    })
}

fn next_case(c: char) -> Option<char> {
    let found = CASES.binary_search_by_key(&c, |(known, _)| *known).ok()?;
    CASES.get(found).map(|(_, next)| *next)
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase())
}
