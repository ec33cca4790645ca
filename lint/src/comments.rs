//! Finds the comments that suppress findings.

use hallpass_document::{Position, Value, push_key};
use hallpass_reader::Document;

use crate::object::Source;

/// How such a comment begins, after `#`.
const START: &str = "hallpass:";

/// A comment that suppresses findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment<'s> {
    /// The position of its `#`.
    pub(crate) position: Position,
    /// The text after `#`.
    pub(crate) text: &'s str,
    /// The line that it covers: its own, or, if it is alone on it, the next one with a value.
    pub(crate) covers: Option<u32>,
    is_after_blank: bool,
}

/// Returns the comments of a file that suppress findings.
pub(crate) fn comments<'s>(source: &Source<'s>) -> Vec<Comment<'s>> {
    let Ok(text) = std::str::from_utf8(source.bytes) else { return Vec::new() };
    if !text.contains(START) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut found: Vec<Comment<'_>> = (1..)
        .zip(&lines)
        .flat_map(|(number, line)| {
            let below = lines.get(number as usize..).unwrap_or_default();
            starts(line).filter_map(move |at| comment(number, line, at, below))
        })
        .collect();
    for document in &source.documents {
        remove_strings(document, document.root(), &mut String::new(), &mut found);
    }
    // YAML requires a blank before a comment.
    found.retain(|comment| comment.is_after_blank);
    found
}

fn comment<'s>(number: u32, line: &'s str, at: usize, below: &[&str]) -> Option<Comment<'s>> {
    let (before, text) = line.split_at_checked(at)?;
    let is_value = |line: &&str| !line.trim_start().is_empty() && !line.trim_start().starts_with('#');
    let covers = if before.trim().is_empty() {
        (number + 1..).zip(below).find(|(_, line)| is_value(line)).map(|(number, _)| number)
    } else {
        Some(number)
    };
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    Some(Comment {
        position: Position {
            line: number,
            column: count(before).saturating_add(1),
            width: count(text.trim_end()),
        },
        text: text.strip_prefix('#').unwrap_or(text).trim(),
        covers,
        is_after_blank: before.is_empty() || before.ends_with(char::is_whitespace),
    })
}

/// Returns where the text of such a comment starts in a line, whether it is one or not.
fn starts(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices('#').map(|(at, _)| at).filter(move |at| {
        let text = line.get(*at..).and_then(|text| text.strip_prefix('#'));
        text.is_some_and(|text| text.trim_start().starts_with(START))
    })
}

/// Removes what looks like a comment, but is a part of a string. The text of a string is in its file at and after its
/// position, in the same order, and no comment is in between.
fn remove_strings(
    document: &Document<'_>,
    value: &Value<'_>,
    pointer: &mut String,
    comments: &mut Vec<Comment<'_>>,
) {
    let length = pointer.len();
    match value {
        Value::String(text) => {
            let count = text.lines().flat_map(starts).count();
            let location = document.locate(pointer);
            if count > 0 && location.anchor.is_none() {
                let place = (location.line, location.column);
                let first = comments.partition_point(|c| (c.position.line, c.position.column) < place);
                let end = comments.len().min(first + count);
                comments.drain(first..end);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                remove_strings(document, item, pointer, comments);
                pointer.truncate(length);
            }
        }
        Value::Map(fields) => {
            for (key, field) in fields {
                push_key(pointer, key);
                remove_strings(document, field, pointer, comments);
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
