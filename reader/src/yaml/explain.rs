//! Explains YAML syntax errors. The parser's messages require knowledge of its internals.

#[cfg(test)]
mod tests;

use saphyr_parser::Marker;

use super::anchor::Anchors;
use super::source::Source;
use crate::shown::{clamp, shown};
use crate::stream::Chunk;
use crate::suggest::nearest;
use crate::tree::too_deep;
use hallpass_document::{Diagnostic, Position};

/// The parser's message, our message, and the help line.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "mapping values are not allowed in this context",
        "`: ` starts a value, which is not allowed here",
        "put text with `: ` in quotes, or check whether the line is indented too deeply",
    ),
    (
        "illegal placement of ':' indicator",
        "this `:` belongs to no key on its line",
        "is a bracket above it not closed?",
    ),
    (
        "simple key expect",
        "this line is not a `key: value` like the lines around it",
        "add the `:`, or indent the line as part of the value above it",
    ),
    (
        "did not find expected key",
        "this line does not fit the indentation of the map it is in",
        "align its keys in one column",
    ),
    (
        "did not find expected '-' indicator",
        "this line does not fit the indentation of the list it is in",
        "start it with `- ` in the column of the other items, or indent it as part of one",
    ),
    (
        "block sequence entries are not allowed in this context",
        "`- ` starts a list, which is not allowed here",
        "put the list on separate lines below its key",
    ),
    (
        "is only valid inside a block",
        "`- ` starts an item inside brackets",
        "inside `[` and `]`, items are separated by commas",
    ),
    (
        "invalid indentation in quoted scalar",
        "this quoted text continues on a line that is not indented enough",
        "indent all its lines, and check that the quote is closed",
    ),
    (
        "quoted scalar, found unexpected end of stream",
        "this quote is never closed",
        "close it; inside single quotes a quote is written twice, inside double quotes as `\\\"`",
    ),
    (
        "quoted scalar, found unexpected document indicator",
        "this quote is not closed before the document ends",
        "close it",
    ),
    (
        "invalid trailing content after double-quoted scalar",
        "there is text after a closing quote",
        "put the whole value in quotes, and write a quote inside it as `\\\"`, or `''` in single quotes",
    ),
    (
        "unknown escape character",
        "this double-quoted text has an invalid escape",
        "write the backslash twice, or use single quotes",
    ),
    (
        "did not find expected hexadecimal number",
        "this double-quoted text has an escape without its digits",
        "`\\x` takes two hexadecimal digits, `\\u` four, `\\U` eight",
    ),
    (
        "invalid Unicode character escape code",
        "this double-quoted text has an escape that is not a character",
        "half of a surrogate pair is not a character; write the character itself",
    ),
    (
        "flow mapping, did not find expected ',' or '}'",
        "a comma or `}` is missing here",
        "separate the fields of `{...}` with commas, and close it",
    ),
    (
        "flow sequence, expected ',' or ']'",
        "a comma or `]` is missing here",
        "separate the items of `[...]` with commas, and close it",
    ),
    ("misplaced bracket", "this bracket closes nothing", "remove it, or put the text in quotes"),
    (
        "invalid indentation in flow construct",
        "these brackets continue on a line that is not indented enough",
        "indent the lines inside brackets deeper than the key that holds them",
    ),
    ("invalid indentation", "this line is not indented enough", "align it with the lines it belongs to"),
    (
        "did not find expected node content",
        "a value is missing here",
        "write one, or close the open brackets",
    ),
    (
        "wrongly indented line in block scalar",
        "this line is indented less than the first line of its block scalar",
        "indent all lines of the block equally",
    ),
    (
        "block scalar content cannot start with a tab",
        "this block scalar is indented with a tab",
        "indent it with spaces",
    ),
    (
        "did not find expected comment or line break",
        "there is text after `|` or `>`",
        "start the block scalar on the next line",
    ),
    ("indentation indicator equal to 0", "a block scalar cannot be indented by 0", "remove the digit"),
    (
        "comment intercepting the multiline text",
        "a comment cuts this text in two",
        "remove the comment, or put the text in quotes",
    ),
    (
        "comments must be separated",
        "a comment needs a blank before its `#`",
        "add a blank, or put the text in quotes",
    ),
    ("unexpected character: `@'", "a text cannot start with `@`", "put it in quotes"),
    ("unexpected character: ``'", "a text cannot start with a backtick", "put it in quotes"),
    ("unexpected character: `%'", "a text cannot start with `%`", "put it in quotes"),
    (
        "invalid content after document end marker",
        "there is text after `...`",
        "`...` ends a document and must be alone on its line",
    ),
    (
        "did not find expected <document start>",
        "the document has ended, but more text follows",
        "indent it as part of the text above, or put a `---` line before it",
    ),
    (
        "expected alphabetic or numeric character",
        "`&` or `*` needs a name after it",
        "put a text that starts with `&` or `*` in quotes",
    ),
    ("handle wasn't declared", "this tag has no meaning in a manifest", "remove it"),
    (
        "while scanning a tag",
        "`!` starts a tag, but this is not a tag",
        "put a text that starts with `!` in quotes",
    ),
    (
        "while parsing a tag",
        "`!` starts a tag, but this is not a tag",
        "put a text that starts with `!` in quotes",
    ),
    (
        "mapping keys are not allowed",
        "`? ` starts a key, which is not allowed here",
        "put a text that starts with `? ` in quotes",
    ),
    ("directive", "a line cannot start with `%` here", "put a text that starts with `%` in quotes"),
    (
        "plain scalar cannot start with '-'",
        "`-` has no meaning inside brackets",
        "write the item, or put the `-` in quotes",
    ),
    ("':' may not precede", "a blank is missing after this `:`", "add it"),
];

/// Explains a syntax error of the parser.
pub(super) fn syntax(
    info: &str,
    mark: Marker,
    source: &mut Source<'_>,
    anchors: &Anchors<'_>,
    path: String,
) -> Diagnostic {
    let at = source.spot(mark, 0);
    if info.contains("unknown anchor") {
        return unknown_anchor(at, source, anchors).path(path);
    }
    if info.contains("recursion limit") {
        return too_deep(at).path(path);
    }
    if info.contains("tab") && !info.contains("cannot start with a tab") {
        return tab(source.tab_from(at.line).unwrap_or(at)).path(path);
    }
    let at = if info.contains("simple key expect") {
        source.line_without_colon(at)
    } else if info.contains("did not find expected key") {
        source.dash(mark).unwrap_or(at)
    } else {
        at
    };
    match WORDS.iter().find(|(theirs, ..)| info.contains(theirs)) {
        Some((_, message, help)) => Diagnostic::at(at, *message).help(*help).path(path),
        None => Diagnostic::at(at, format!("not valid YAML: {info}")).path(path),
    }
}

fn unknown_anchor(at: Position, source: &Source<'_>, anchors: &Anchors<'_>) -> Diagnostic {
    let line: String = source.line(at.line).chars().skip(at.column as usize).collect();
    let end = line.find([' ', '\t', ',', ']', '}', '[', '{']).unwrap_or(line.len());
    let name = line.get(..end).unwrap_or_default();
    let help = match nearest(name, anchors.names()) {
        Some(known) => format!("did you mean `*{known}`?"),
        None => format!(
            "define the anchor `&{}` before it in the same document, or put the text in quotes",
            shown(name)
        ),
    };
    let width = clamp(name.chars().count() + 1);
    Diagnostic::at(Position { width, ..at }, format!("alias `*{}` has no anchor before it", shown(name)))
        .help(help)
}

pub(super) fn tab(at: Position) -> Diagnostic {
    Diagnostic::at(at, format!("line {} is indented with a tab", at.line))
        .help("YAML is indented only with spaces: replace the tab")
}

/// A directive before the document. kubectl splits it from the document, which is then rejected.
pub(super) fn directive(chunk: &Chunk<'_>) -> Option<Diagnostic> {
    let mut lines = chunk.text.lines().zip(chunk.line..);
    let (line, number) = lines.find(|(line, _)| !is_comment(line))?;
    let name = line.split_whitespace().next().filter(|name| name.starts_with('%'))?;
    let at = Position { line: number, column: 1, width: clamp(name.chars().count()) };
    line.starts_with('%').then(|| {
        Diagnostic::at(at, format!("directive `{}` is not allowed in a manifest", shown(name)))
            .help("remove the line")
    })
}

fn is_comment(line: &str) -> bool {
    let text = line.trim_start();
    text.is_empty() || text.starts_with('#')
}
