//! Describes how long values differ, without repeating them: a script of forty lines would hide the relevant one.

use super::Difference;
use super::container::ContainerPair;

/// The maximum number of characters of a value that a message repeats.
const SHOWN: usize = 100;

/// Larger numbers of entries are not compared, because both lists may have any size.
const MOST: usize = 1000;

/// The number of common characters that are shown before a difference.
const BEFORE: usize = 30;

/// The commands of the workload and of the allowlist.
pub(super) struct Commands<'c> {
    /// The field's name in messages.
    pub(super) field: &'c str,
    /// JSON pointer to the field, from the container.
    pub(super) below: &'c str,
    pub(super) has: &'c [&'c str],
    pub(super) wanted: &'c [&'c str],
}

impl Commands<'_> {
    /// Whether a message can repeat both commands.
    pub(super) fn are_short(&self) -> bool {
        [self.has, self.wanted].iter().all(|command| {
            let length: usize = command.iter().map(|item| item.len() + ", ".len()).sum();
            length <= SHOWN && !command.iter().any(|item| item.contains('\n'))
        })
    }

    /// Returns the first item that differs.
    pub(super) fn difference(&self, pair: &ContainerPair<'_, '_, '_>) -> Difference {
        let Commands { field, below, has, wanted } = self;
        let index = has.iter().zip(*wanted).take_while(|(has, wanted)| has == wanted).count();
        let (has, wanted) = (has.get(index), wanted.get(index));
        // For a missing item, the location is the list.
        let place = |item: Option<&&str>| match item {
            Some(_) => format!("{below}/{index}"),
            None => (*below).to_owned(),
        };
        let called = format!("`{field}[{index}]` of container `{}`", pair.container.name);
        let message = match (has, wanted) {
            (Some(has), Some(wanted)) => differing(&called, has, wanted),
            (Some(has), None) => {
                format!("{called} is `{}`: the allowlist's command ends before it", shown(has))
            }
            (None, wanted) => {
                format!(
                    "{called} is missing: the allowlist has `{}`",
                    wanted.map(|item| shown(item)).unwrap_or_default()
                )
            }
        };
        Difference {
            path: pair.path(&place(has)),
            workload: has.map(|item| (*item).to_owned()),
            expected: wanted.map(|item| (*item).to_owned()),
            allowlist_path: pair.allowed_path(&place(wanted)),
            message,
            help: format!(
                "make `{field}` equal to the allowlist's, byte for byte, or load a version of the allowlist that has \
                 this command"
            ),
            assumption: None,
        }
    }
}

/// Whether a message can repeat the text.
pub(super) fn is_short(text: &str) -> bool {
    text.len() <= SHOWN && !text.contains('\n')
}

/// Shortens a text for messages: its first line, or the start of it.
pub(super) fn shown(text: &str) -> String {
    if is_short(text) {
        return text.to_owned();
    }
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let shown = excerpt(line, 0);
    if shown.ends_with("...") || text.trim() == line.trim() { shown } else { format!("{shown} ...") }
}

/// Formats a command for messages.
pub(super) fn shown_command(command: &[&str]) -> Option<String> {
    let mut shown = String::new();
    for item in command {
        let separator = if shown.is_empty() { "[" } else { ", " };
        if shown.len() > SHOWN {
            return Some(format!("{shown}{separator}...]"));
        }
        shown.push_str(separator);
        shown.push_str(&self::shown(item));
    }
    (!command.is_empty()).then(|| format!("{shown}]"))
}

/// Describes how two texts differ, by the first line that does.
pub(super) fn differing(called: &str, has: &str, wanted: &str) -> String {
    let (mut ours, mut theirs) = (has.split('\n'), wanted.split('\n'));
    let mut number = 1;
    let (has_line, wanted_line) = loop {
        match (ours.next(), theirs.next()) {
            (Some(one), Some(other)) if one == other => number += 1,
            lines => break lines,
        }
    };
    // The text after the last line break is not a line.
    let has_line = has_line.filter(|line| !line.is_empty() || wanted_line.is_none() || ours.next().is_some());
    let wanted_line =
        wanted_line.filter(|line| !line.is_empty() || has_line.is_none() || theirs.next().is_some());
    match (has_line, wanted_line) {
        (Some(""), None) => format!("{called} ends with a line break, but the allowlist's does not"),
        (None, Some("")) => format!("{called} does not end with a line break, but the allowlist's does"),
        (Some(line), None) => {
            format!(
                "line {number} of {called} is `{}`: the allowlist's text ends before it",
                excerpt(line, 0)
            )
        }
        (None, line) => {
            format!(
                "{called} ends before line {number} of the allowlist's: `{}`",
                excerpt(line.unwrap_or_default(), 0)
            )
        }
        (Some(one), Some(other)) => {
            let same = common(one.chars(), other.chars());
            let line = if has.contains('\n') { format!("line {number} of ") } else { String::new() };
            format!("{line}{called} is `{}`, not `{}`", excerpt(one, same), excerpt(other, same))
        }
    }
}

/// Returns the entry of an allowlist that is most similar to a long text, if they have at least half of it in common.
/// Patterns are never similar.
pub(super) fn similar(text: &str, entries: &[&str]) -> Option<usize> {
    let mut best = None;
    for (index, entry) in entries.iter().enumerate().take(MOST) {
        if entry.starts_with('^') && entry.ends_with('$') {
            continue;
        }
        let before = common(text.bytes(), entry.bytes());
        let after = common(text.bytes().rev(), entry.bytes().rev());
        let same = (before + after).min(text.len()).min(entry.len());
        if same >= text.len() / 2 && best.is_none_or(|(most, _)| same > most) {
            best = Some((same, index));
        }
    }
    best.map(|(_, index)| index)
}

/// Returns the entry that starts most like a text, if the common start is more than `--`.
pub(super) fn alike(text: &str, entries: &[&str]) -> Option<usize> {
    const LEAST: usize = 4;
    let mut best = None;
    for (index, entry) in entries.iter().enumerate().take(MOST) {
        let same = common(text.bytes(), entry.bytes());
        if same >= LEAST && best.is_none_or(|(most, _)| same > most) {
            best = Some((same, index));
        }
    }
    best.map(|(_, index)| index)
}

/// Returns the part of a line around a character.
fn excerpt(line: &str, at: usize) -> String {
    if line.len() <= SHOWN {
        return line.to_owned();
    }
    let left = at.saturating_sub(BEFORE);
    let mut rest = line.chars().skip(left);
    let mut excerpt = if left > 0 { "...".to_owned() } else { String::new() };
    excerpt.extend(rest.by_ref().take(SHOWN));
    if rest.next().is_some() {
        excerpt.push_str("...");
    }
    excerpt
}

fn common<T: PartialEq>(one: impl Iterator<Item = T>, other: impl Iterator<Item = T>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::{differing, shown, similar};

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(differing("`x`", "a\nb\nc", "a\nB\nC"), "line 2 of `x` is `b`, not `B`");
        assert_eq!(
            differing("`x`", "a\nb", "a"),
            "line 2 of `x` is `b`: the allowlist's text ends before it"
        );
        assert_eq!(differing("`x`", "a", "a\nb"), "`x` ends before line 2 of the allowlist's: `b`");
        assert_eq!(differing("`x`", "a\n", "a"), "`x` ends with a line break, but the allowlist's does not");
        assert_eq!(
            differing("`x`", "a", "a\n"),
            "`x` does not end with a line break, but the allowlist's does"
        );
    }

    #[test]
    fn a_long_line_is_shown_around_its_difference() {
        let (before, after) = ("-".repeat(400), "é".repeat(400));
        let message = differing("`x`", &format!("{before}a{after}"), &format!("{before}b{after}"));
        assert!(message.len() < 600, "{message}");
        assert!(message.contains("-a") && message.contains("-b"), "{message}");
    }

    #[test]
    fn a_text_is_shown_by_its_first_line() {
        assert_eq!(shown("one"), "one");
        assert_eq!(shown("\none\ntwo"), "one ...");
        assert_eq!(shown(&"x".repeat(500)).len(), 103);
    }

    #[test]
    fn only_what_is_half_the_same_is_similar() {
        assert_eq!(similar("set -e\nrun a\n", &["^set -e\nrun a\n$", "set -e\nrun b\n", "other"]), Some(1));
        assert_eq!(similar("set -e\nrun a\n", &["quite another"]), None);
    }
}
