//! Names in the lists of a profile, some of them prefixes that end in `*`.

use hallpass_document::{At, Diagnostic, Diagnostics, Value};

/// Whether a name or prefix in the list matches `name`.
pub(crate) fn listed(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    })
}

/// The meaning of a `*` in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Star {
    /// At the end of an entry: a prefix.
    Prefix,
    /// None: each entry already is a prefix.
    Needless,
    /// None: an entry is a whole name.
    None,
}

/// Reads the entries of a list. A `*` without a meaning would never match, and is an error.
pub(super) fn read_names(
    value: &Value<'_>,
    star: Star,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Vec<String> {
    let mut names = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        if item.is_null() {
            // In a list, null is not the same as absent.
            faults.error(Diagnostic::mistyped(at.pointer(), &at.called(), item, "a string"));
        }
        let Some(text) = faults.string(item, &at) else { continue };
        let bare = if star == Star::Prefix { text.strip_suffix('*').unwrap_or(text) } else { text };
        if let Some((before, _)) = bare.split_once('*') {
            let what = match star {
                Star::Prefix => "that is not at its end",
                Star::Needless | Star::None => "that has no meaning here",
            };
            let help = match star {
                Star::Prefix if !before.is_empty() => format!("to match this prefix, write `{before}*`"),
                Star::Needless => format!("entries already are prefixes: write `{before}`"),
                Star::Prefix | Star::None => "list every name".to_owned(),
            };
            faults.error(Diagnostic::new(at.pointer(), format!("`{text}` has a `*` {what}")).help(help));
        }
        names.push(text.to_owned());
    }
    names
}
