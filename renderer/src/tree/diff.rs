//! Unified diffs of what a run would change in a file.

use similar::{Algorithm, TextDiff};

use super::plan::Change;

/// If the product of the line counts exceeds this, the diff shows the whole file as removed and added: a comparison
/// could take minutes.
const MOST_PAIRS: usize = 200_000_000;

/// Returns a unified diff from the existing to the wanted contents. Invalid UTF-8 is shown as U+FFFD.
pub(crate) fn unified(change: &Change<'_>) -> String {
    let old = change.old.as_deref().map(String::from_utf8_lossy);
    let new = change.new.map(String::from_utf8_lossy);
    let name = |side: &str, there: bool| {
        if there { format!("{side}/{}", change.path) } else { "/dev/null".to_owned() }
    };
    let (from, to) = (name("a", old.is_some()), name("b", new.is_some()));
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    if old.lines().count().saturating_mul(new.lines().count()) > MOST_PAIRS {
        let whole = |old: &str, new: &str, names: (&str, &str)| {
            TextDiff::from_lines(old, new).unified_diff().header(names.0, names.1).to_string()
        };
        return whole(&old, "", (&from, "/dev/null")) + &whole("", &new, ("/dev/null", &to));
    }
    TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .diff_lines(&*old, &*new)
        .unified_diff()
        .header(&from, &to)
        .to_string()
}
