//! Unicode data: the groups of `\p{...}`, and the other cases of letters.
//!
//! regex-syntax has both, but its tables and the code to access them were a third of the Wasm module. The build script
//! extracts the data and stores it in a tenth of the space.

mod data;
mod names;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use crate::characters::Characters;
use crate::charset::{self, Charset};
use names::{CATEGORIES, stored};

/// Categories that combine all categories with the same first letter. `C` is not included: Go 1.25 and later count
/// unassigned characters as `C`, RE2 and older versions of Go do not, and a pattern with different meanings is rejected.
const MAJOR: [&str; 6] = ["L", "M", "N", "P", "S", "Z"];

/// Every character that has other cases, with the next of them, sorted. The last case leads to the first.
static CASES: LazyLock<Vec<(char, char)>> = LazyLock::new(|| data::cases().collect());

/// Returns the group with this exact name. Go 1.25 and later also accept `Letter`, `ASCII` or `greek`; RE2 and older
/// versions of Go do not, so they are rejected here.
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

/// Returns the name that was probably intended: the same letters in another case.
pub(crate) fn suggestion(name: &str) -> Option<&'static str> {
    stored().chain(MAJOR).find(|known| letters(known).eq(letters(name)))
}

/// Returns all other cases of the characters in `low..=high`, by Unicode's simple folding, like Go and RE2.
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
