//! Laws of patterns (rule P1 of `docs/semantics.md`).

use hallpass_policy::pattern::{PatternError, is_pattern, matcher};

/// Parts the entries of the list and, behind the last of them, the text. No UTF-8 has this byte.
const SEPARATOR: u8 = 0xFF;

/// An allowlist's list has more entries than this only to be long.
const ENTRIES: usize = 6;

/// Reads the strings of a list, and asks which of them allow a text.
///
/// - A list allows what one of its entries allows, and is refused for one that is; the order does not matter.
/// - A string that is no pattern allows itself and nothing else. So does a text written as a pattern, escaped.
/// - A pattern covers the whole text: parentheses around all of it change nothing.
/// - Two patterns are one with a `|` between them.
///
/// # Panics
/// When a law is broken.
pub fn check(bytes: &[u8]) {
    let parts: Result<Vec<&str>, _> = bytes.split(|byte| *byte == SEPARATOR).map(str::from_utf8).collect();
    let Ok(parts) = parts else { return };
    let Some((text, entries)) = parts.split_last() else { return };
    let entries = entries.get(..ENTRIES).unwrap_or(entries);

    let singles: Vec<Option<bool>> = entries.iter().map(|entry| check_entry(entry, text)).collect();
    check_list(entries, text, &singles);
    check_escaped(text, entries);
    if let [one, other, ..] = entries {
        check_union(one, other, text);
    }
}

/// Whether the entry allows the text; none when it is refused.
fn check_entry(entry: &str, text: &str) -> Option<bool> {
    let matcher = match matcher([entry]) {
        Ok(matcher) => matcher,
        Err(errors) => {
            check_errors(&errors, &[entry]);
            assert_eq!(matcher([entry]).err(), Some(errors), "`{entry}` is refused in two ways");
            return None;
        }
    };
    let allowed = matcher.matches(text);
    if !is_pattern(entry) {
        assert_eq!(allowed, entry == text, "`{entry}` is no pattern, and allows `{text}` or does not");
    }
    if let Some(wrapped) = inside(entry).and_then(|inside| ask(&format!("^(?:{inside})$"), text)) {
        assert_eq!(allowed, wrapped, "parentheses change what `{entry}` makes of `{text}`");
    }
    // The automaton is built while it is asked: what it was asked before must not show.
    for other in [entry, "", text] {
        let fresh = ask(entry, other);
        assert_eq!(Some(matcher.matches(other)), fresh, "`{entry}` answers in two ways about `{other}`");
    }
    Some(allowed)
}

fn check_list(entries: &[&str], text: &str, singles: &[Option<bool>]) {
    let list = matcher(entries.iter().copied());
    let turned = matcher(entries.iter().rev().copied());
    match &list {
        Ok(list) => {
            assert!(!singles.contains(&None), "the list has an entry that is refused alone: {entries:?}");
            let any = singles.contains(&Some(true));
            assert_eq!(list.matches(text), any, "the list {entries:?} and its entries differ about `{text}`");
            assert_eq!(
                turned.map(|turned| turned.matches(text)).ok(),
                Some(any),
                "order counts: {entries:?}"
            );
        }
        Err(errors) => {
            assert!(turned.is_err(), "order counts: {entries:?}");
            check_errors(errors, entries);
            for (index, single) in singles.iter().enumerate() {
                let told = errors.iter().any(|(at, _)| *at == index);
                assert!(single.is_some() || told, "entry {index} is refused alone only: {entries:?}");
            }
        }
    }
}

fn check_errors(errors: &[(usize, PatternError)], entries: &[&str]) {
    assert!(!errors.is_empty() && errors.is_sorted_by_key(|(index, _)| *index), "out of order: {errors:?}");
    for (index, error) in errors {
        let entry = entries.get(*index).copied().unwrap_or_default();
        assert!(is_pattern(entry), "refused, and no pattern: {error:?}");
        let behind: String = entry.chars().skip(error.offset()).collect();
        let found = behind.starts_with(error.fragment()) || error.fragment() == entry;
        assert!(
            found && error.offset() <= entry.chars().count(),
            "not where it says: {error:?} in `{entry}`"
        );
        assert!(!error.to_string().is_empty(), "an error without words");
    }
}

/// A text of which every punctuation is escaped stands for itself, as a simple pattern and as an automaton.
fn check_escaped(text: &str, others: &[&str]) {
    let escaped: String =
        text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect();
    for pattern in [format!("^{escaped}$"), format!("^(?:{escaped})$")] {
        for other in others.iter().chain([&text]) {
            // A long text may be too large for an automaton.
            if let Some(allowed) = ask(&pattern, other) {
                assert_eq!(allowed, *other == text, "`{pattern}` and `{other}`");
            }
        }
    }
}

fn check_union(one: &str, other: &str, text: &str) {
    let (Some(one), Some(other)) = (inside(one), inside(other)) else { return };
    let [one, other] = [one, other].map(|inside| format!("(?:{inside})"));
    let parts = [&one, &other].map(|part| ask(&format!("^{part}$"), text));
    // Together they may be too large, or give one name to two groups.
    if let ([Some(one_allows), Some(other_allows)], Some(both)) =
        (parts, ask(&format!("^(?:{one}|{other})$"), text))
    {
        assert_eq!(both, one_allows || other_allows, "`{one}` or `{other}`, and `{text}`");
    }
}

fn ask(entry: &str, text: &str) -> Option<bool> {
    matcher([entry]).ok().map(|matcher| matcher.matches(text))
}

/// What a pattern has between its anchors, if its end can be told without reading it: `\Q` and a backslash
/// before the `$` would quote what is put there.
fn inside(entry: &str) -> Option<&str> {
    let inside = entry.strip_prefix('^')?.strip_suffix('$')?;
    (!inside.contains("\\Q") && !inside.ends_with('\\')).then_some(inside)
}
