//! Lists of literals and patterns, compared as sets of texts.

use hallpass_policy::pattern::{entry, is_pattern};
use hallpass_re2::{Beyond, Entry, Matcher, PatternError, Work, beyond_within};

use super::Example;

/// A string of a list that accepts a text that no string of the other list accepts.
pub(super) struct Wider<'v> {
    pub(super) index: usize,
    pub(super) text: &'v str,
    /// For a pattern.
    pub(super) example: Option<Example>,
}

/// Returns the strings of `list` that accept more than all of `other`.
pub(super) fn wider<'v>(list: &[&'v str], other: &[&str], work: &mut Work) -> Vec<Wider<'v>> {
    compare(list, other.iter().map(|text| entry(text)).collect(), work)
}

/// Returns the same for images and for the names of variables, which are never empty.
pub(super) fn wider_names<'v>(list: &[&'v str], other: &[&str], work: &mut Work) -> Vec<Wider<'v>> {
    compare(list, other.iter().map(|text| entry(text)).chain([Entry::Text("")]).collect(), work)
}

fn compare<'v>(list: &[&'v str], known: Vec<Entry<'_>>, work: &mut Work) -> Vec<Wider<'v>> {
    // Without one, the list is too large to compare.
    let matcher = Matcher::new(known.iter().copied()).ok();
    let compare = |(index, text): (usize, &&'v str)| {
        let example = match beyond(entry(text), &known, matcher.as_ref(), work) {
            Ok(Beyond::Nothing) => return None,
            Ok(Beyond::Text(example)) => Example::Text(example),
            // Patterns were compiled when the allowlists were read. If not, nothing is known of them.
            Ok(Beyond::Undecided) | Err(_) => Example::Undecided,
        };
        Some(Wider { index, text, example: is_pattern(text).then_some(example) })
    };
    list.iter().enumerate().filter_map(compare).collect()
}

/// Searches for a shortest text that an entry accepts and the known entries do not.
fn beyond(
    one: Entry<'_>,
    known: &[Entry<'_>],
    matcher: Option<&Matcher<'_>>,
    work: &mut Work,
) -> Result<Beyond, PatternError> {
    if known.contains(&one) {
        return Ok(Beyond::Nothing);
    }
    // The shortest text of all is most often the answer, and matching is much cheaper than comparing automata.
    let shortest = match one {
        Entry::Text(text) => Beyond::Text(text.to_owned()),
        Entry::Pattern(_) => beyond_within(&[one], &[], work)?,
    };
    let Beyond::Text(text) = &shortest else { return Ok(shortest) };
    let Some(matcher) = matcher else { return Ok(Beyond::Undecided) };
    let states = usize::try_from(matcher.cost()).unwrap_or(usize::MAX);
    if !work.take(states) {
        return Ok(Beyond::Undecided);
    }
    match (matcher.matches(text), one) {
        (false, _) => Ok(shortest),
        (true, Entry::Text(_)) => Ok(Beyond::Nothing),
        (true, Entry::Pattern(_)) => beyond_within(&[one], known, work),
    }
}
