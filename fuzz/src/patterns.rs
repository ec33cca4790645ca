//! Properties of patterns (rule P1 of `docs/semantics.md`).

use hallpass_policy::pattern::{PatternError, is_pattern, matcher};

/// Separates the entries of the list and, after the last of them, the text. UTF-8 does not contain this byte.
const SEPARATOR: u8 = 0xFF;

/// Longer lists find nothing more.
const ENTRIES: usize = 6;

/// Reads the strings of a list, and checks which of them match a text.
///
/// - A list matches what one of its entries matches, and is invalid if one of them is; the order does not matter.
/// - A string that is not a pattern matches only itself. So does an escaped text as a pattern.
/// - A pattern covers the whole text: parentheses around all of it do not matter.
/// - Two patterns are equivalent to one with a `|` between them.
///
/// # Panics
/// If a property is violated.
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

/// Whether the entry matches the text; `None` if it is invalid.
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
        assert_eq!(
            allowed,
            entry == text,
            "`{entry}` is not a pattern, so it must match only itself, not `{text}`"
        );
    }
    if let Some(wrapped) = inside(entry).and_then(|inside| ask(&format!("^(?:{inside})$"), text)) {
        assert_eq!(allowed, wrapped, "parentheses change what `{entry}` makes of `{text}`");
    }
    // The automaton is built during matching. Previous texts must not matter.
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
                "the order matters: {entries:?}"
            );
        }
        Err(errors) => {
            assert!(turned.is_err(), "the order matters: {entries:?}");
            check_errors(errors, entries);
            for (index, single) in singles.iter().enumerate() {
                let reported = errors.iter().any(|(at, _)| *at == index);
                assert!(single.is_some() || reported, "entry {index} is invalid only by itself: {entries:?}");
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
            "the offset is wrong: {error:?} in `{entry}`"
        );
        assert!(!error.to_string().is_empty(), "an error without words");
    }
}

/// A text with all punctuation escaped matches only itself, as a simple pattern and as an automaton.
fn check_escaped(text: &str, others: &[&str]) {
    let escaped: String =
        text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect();
    for pattern in [format!("^{escaped}$"), format!("^(?:{escaped})$")] {
        for other in others.iter().chain([&text]) {
            // The automaton of a long text may be too large.
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
    // The combination may be too large, or have duplicate group names.
    if let ([Some(one_allows), Some(other_allows)], Some(both)) =
        (parts, ask(&format!("^(?:{one}|{other})$"), text))
    {
        assert_eq!(both, one_allows || other_allows, "`{one}` or `{other}`, and `{text}`");
    }
}

fn ask(entry: &str, text: &str) -> Option<bool> {
    matcher([entry]).ok().map(|matcher| matcher.matches(text))
}

/// Returns the text between a pattern's anchors, if its end can be found without parsing: `\Q` or a backslash before
/// the `$` would quote appended text.
fn inside(entry: &str) -> Option<&str> {
    let inside = entry.strip_prefix('^')?.strip_suffix('$')?;
    (!inside.contains("\\Q") && !inside.ends_with('\\')).then_some(inside)
}
