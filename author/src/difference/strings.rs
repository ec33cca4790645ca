//! Lists of literals and patterns, compared as sets of texts.

use hallpass_policy::pattern::{entry, is_pattern};
use hallpass_re2::{Beyond, Entry, Matcher, PatternError, Work, beyond_within};

use super::Example;

/// A string of a list that accepts a text that no string of the other list accepts.
pub(super) struct Wider<'v> {
    pub(super) index: usize,
    pub(super) text: &'v str,
    /// For a pattern, an example of the texts that only it accepts.
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

/// An entry of the other list, and its matcher.
type Known<'v> = (Entry<'v>, Option<Matcher<'v>>);

fn compare<'v>(list: &[&'v str], known: Vec<Entry<'_>>, work: &mut Work) -> Vec<Wider<'v>> {
    let known: Vec<Known<'_>> = known.into_iter().map(|one| (one, Matcher::new([one]).ok())).collect();
    let compare = |(index, text): (usize, &&'v str)| {
        let example = match beyond(entry(text), &known, work) {
            Ok(Beyond::Nothing) => return None,
            Ok(Beyond::Text(example)) => Example::Text(example),
            // Patterns were compiled when the allowlists were read. A pattern that fails to compile now is undecided.
            Ok(Beyond::Undecided) | Err(_) => Example::Undecided,
        };
        Some(Wider { index, text, example: is_pattern(text).then_some(example) })
    };
    list.iter().enumerate().filter_map(compare).collect()
}

/// Searches for a shortest text that an entry accepts and the known entries do not. Most comparisons need at most one known
/// entry; only the rest need the automaton of all.
fn beyond(one: Entry<'_>, known: &[Known<'_>], work: &mut Work) -> Result<Beyond, PatternError> {
    if known.iter().any(|(other, _)| *other == one) {
        return Ok(Beyond::Nothing);
    }
    let shortest = match one {
        Entry::Text(text) => Beyond::Text(text.to_owned()),
        Entry::Pattern(_) => beyond_within(&[one], &[], work)?,
    };
    let Beyond::Text(text) = &shortest else { return Ok(shortest) };
    if !work.take(known.len()) {
        return Ok(Beyond::Undecided);
    }
    let accepts = |(_, matcher): &&Known<'_>| matcher.as_ref().is_some_and(|matcher| matcher.matches(text));
    let mut accepting = known.iter().filter(accepts).peekable();
    if accepting.peek().is_none() {
        return Ok(shortest);
    }
    if matches!(one, Entry::Text(_)) {
        return Ok(Beyond::Nothing);
    }
    for (other, _) in accepting {
        if beyond_within(&[one], &[*other], work)? == Beyond::Nothing {
            return Ok(Beyond::Nothing);
        }
    }
    let all: Vec<Entry<'_>> = known.iter().map(|(other, _)| *other).collect();
    beyond_within(&[one], &all, work)
}
