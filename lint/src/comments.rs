//! Finds the comments that suppress findings.

use hallpass_document::{Position, Value, nearest, push_key};
use hallpass_reader::Document;

use crate::object::Source;

/// The beginning of such a comment, after `#`.
pub(crate) const START: &str = "hallpass:";

/// A comment that suppresses findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment<'s> {
    /// The position of its `#`.
    pub(crate) position: Position,
    /// The text after `#`.
    pub(crate) text: &'s str,
    /// The line that it covers: its own, or the next line with a value if the comment is alone on its line.
    pub(crate) covers: Option<u32>,
    is_after_blank: bool,
}

/// Returns the comments of a file that suppress findings.
pub(crate) fn comments<'s>(source: &Source<'s>) -> Vec<Comment<'s>> {
    let Ok(text) = std::str::from_utf8(source.bytes) else { return Vec::new() };
    let lines: Vec<&str> = text.lines().collect();
    let covered = covered(&lines);
    let mut found: Vec<Comment<'_>> = (1..)
        .zip(lines.iter().zip(covered))
        .flat_map(|(number, (line, below))| comments_of(number, line, below))
        .collect();
    let mut is_text = vec![false; found.len()];
    for document in &source.documents {
        mark_strings(document, document.root(), &mut String::new(), &found, &mut is_text);
    }
    let mut is_text = is_text.into_iter();
    // YAML requires a blank before a comment.
    found.retain(|comment| !is_text.next().unwrap_or_default() && comment.is_after_blank);
    // A comment ends with its line.
    found.dedup_by_key(|comment| comment.position.line);
    found
}

/// Returns, for each line, the next one with a value.
fn covered(lines: &[&str]) -> Vec<Option<u32>> {
    let mut next = None;
    let mut covered = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate().rev() {
        covered.push(next);
        let line = line.trim_start();
        if !line.is_empty() && !line.starts_with('#') {
            next = u32::try_from(index + 1).ok();
        }
    }
    covered.reverse();
    covered
}

/// Returns the parts of a line that look like such a comment.
fn comments_of<'s>(number: u32, line: &'s str, below: Option<u32>) -> impl Iterator<Item = Comment<'s>> {
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let (mut counted, mut columns) = (0, 0_u32);
    let is_alone = line.trim_start().starts_with('#');
    let width = count(line.trim_end());
    starts(line).filter_map(move |at| {
        columns = columns.saturating_add(count(line.get(counted..at)?));
        counted = at;
        let (before, text) = line.split_at_checked(at)?;
        Some(Comment {
            position: Position {
                line: number,
                column: columns.saturating_add(1),
                width: width.saturating_sub(columns),
            },
            text: text.strip_prefix('#').unwrap_or(text).trim(),
            covers: if is_alone { below } else { Some(number) },
            is_after_blank: before.is_empty() || before.ends_with(char::is_whitespace),
        })
    })
}

/// Whether a comment, with `#`, suppresses findings.
pub(crate) fn is_suppression(comment: &str) -> bool {
    comment.strip_prefix('#').is_some_and(|text| text.trim_start().starts_with(START))
}

/// Returns the offsets in a line at which the text of such a comment may start.
fn starts(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices('#').map(|(at, _)| at).filter(move |at| {
        let text = line.get(*at..).and_then(|text| text.strip_prefix('#'));
        text.is_some_and(|text| is_start(text.trim_start()))
    })
}

/// Whether a comment is for hallpass, or intended for it: `Hallpass: allow`.
fn is_start(text: &str) -> bool {
    if text.starts_with(START) {
        return true;
    }
    // A line may have many `#`: only the first characters after each are read.
    let colon = text.char_indices().take(12).find(|(_, c)| *c == ':');
    let Some((word, rest)) = colon.and_then(|(at, _)| text.split_at_checked(at)) else { return false };
    rest.starts_with(": allow ") && nearest(word, ["hallpass"]).is_some()
}

/// Marks the parts of strings that look like comments. The text of a string is in the file at and after its position, in the
/// same order, without a comment in between.
fn mark_strings(
    document: &Document<'_>,
    value: &Value<'_>,
    pointer: &mut String,
    comments: &[Comment<'_>],
    is_text: &mut [bool],
) {
    let length = pointer.len();
    match value {
        Value::String(text) => {
            let count = text.lines().flat_map(starts).count();
            let location = document.locate(pointer);
            if count > 0 && location.anchor.is_none() {
                let place = (location.line, location.column);
                let first = comments.partition_point(|c| (c.position.line, c.position.column) < place);
                is_text.iter_mut().skip(first).take(count).for_each(|is_text| *is_text = true);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                mark_strings(document, item, pointer, comments, is_text);
                pointer.truncate(length);
            }
        }
        Value::Map(fields) => {
            for (key, field) in fields {
                push_key(pointer, key);
                mark_strings(document, field, pointer, comments, is_text);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::comments;
    use crate::object::Source;

    fn found(text: &str) -> Vec<(u32, u32, Option<u32>)> {
        let documents =
            hallpass_reader::read(text.as_bytes()).map(|document| document.expect("valid")).collect();
        let source = Source { file: "a.yaml", bytes: text.as_bytes(), documents };
        comments(&source).iter().map(|c| (c.position.line, c.position.column, c.covers)).collect()
    }

    #[test]
    fn a_comment_covers_its_line_or_the_next_one() {
        let text =
            "a: 1 # hallpass: allow x: y\n# hallpass: allow x: y\n# other\n\nb: 2\n#hallpass: allow x: y\n";
        assert_eq!(found(text), [(1, 6, Some(1)), (2, 1, Some(5)), (6, 1, None)]);
    }

    #[test]
    fn near_misses_are_found_and_other_comments_are_not() {
        for text in ["# Hallpass: allow x: y", "# hallpas: allow x: y", "#HALLPASS: allow x: y"] {
            assert_eq!(found(text).len(), 1, "{text}");
        }
        for text in ["# hallpass is a program", "# firewall: allow x: y", "# the hallpass: allow x: y"] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_comment_ends_with_its_line() {
        assert_eq!(found("a: 1 # hallpass: allow x: y # hallpass: allow z: y\n"), [(1, 6, Some(1))]);
    }

    #[test]
    fn strings_are_no_comments() {
        for text in [
            "a: |\n  # hallpass: allow x: y\n  b\n",
            "a: >-\n  b\n  # hallpass: allow x: y\n",
            "a: \"b # hallpass: allow x: y\"\n",
            "a: 'b\n  # hallpass: allow x: y'\n",
            "- b#hallpass: allow\n",
            "a: \"b\\n# hallpass: allow x: y\"\n",
            "{\"a\": \"# hallpass: allow x: y\"}",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        let text = "a: |\n  # hallpass: allow x: y\nb: 1 # hallpass: allow x: y\nc: '# hallpass: allow x: y' # hallpass: allow x: y\n";
        assert_eq!(found(text), [(3, 6, Some(3)), (4, 29, Some(4))]);
    }

    #[test]
    fn aliases_repeat_no_text() {
        let text = "a: &a '# hallpass: allow x: y'\nb: *a\nc: 1 # hallpass: allow x: y\n";
        assert_eq!(found(text), [(3, 6, Some(3))]);
    }
}
