//! Colors and widths. Styles are always written; the stream strips them if necessary.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(super) const EXEMPT: Style = AnsiColor::Cyan.on_default().bold();
pub(super) const WAITING: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const BAD: Style = AnsiColor::BrightRed.on_default().bold();
pub(super) const STRONG: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();

pub(super) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// The width of text in files and logs.
pub(crate) const FILE_WIDTH: usize = 120;

/// The output width: the terminal's, else `COLUMNS`, else that of logs.
pub(crate) fn width() -> usize {
    const NARROWEST: usize = 40;
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(columns).unwrap_or(FILE_WIDTH).max(NARROWEST)
}

/// Wraps plain text, and indents every line but the first.
pub(super) fn wrapped(plain: &str, width: usize, indent: usize) -> String {
    textwrap::wrap(plain, options(width.saturating_sub(indent))).join(&format!("\n{}", " ".repeat(indent)))
}

/// Wraps plain text for lines that start with so many columns of other text: the first, and the others.
pub(super) fn hanging(plain: &str, width: usize, first: usize, others: usize) -> String {
    let (first, others) = (" ".repeat(first), " ".repeat(others));
    let options = options(width).initial_indent(&first).subsequent_indent(&others);
    let lines = textwrap::wrap(plain, options);
    let texts = lines.iter().enumerate().map(|(index, line)| {
        let indent = if index == 0 { &first } else { &others };
        line.strip_prefix(indent.as_str()).unwrap_or(line)
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn options<'o>(width: usize) -> textwrap::Options<'o> {
    textwrap::Options::new(width.max(20))
        .word_separator(textwrap::WordSeparator::Custom(words))
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false)
}

/// Words end at spaces and commas, because GKE lists capabilities and label keys without spaces. A pipeline in
/// backticks is one word, because users copy it.
fn words(line: &str) -> Box<dyn Iterator<Item = textwrap::core::Word<'_>> + '_> {
    let is_pipeline = |code: &str| code.split_once('`').is_some_and(|(code, _)| code.contains(" | "));
    let mut words = Vec::new();
    let (mut start, mut in_pipeline) = (0, false);
    for (index, c) in line.char_indices() {
        match c {
            '`' => in_pipeline = !in_pipeline && line.get(index + 1..).is_some_and(is_pipeline),
            // A blank after a comma belongs to the previous word: it must not start a line.
            ',' if line.get(index + 1..).is_some_and(|rest| rest.starts_with(' ')) => {}
            ' ' | ',' if !in_pipeline => {
                words.extend(line.get(start..=index));
                start = index + 1;
            }
            _ => {}
        }
    }
    words.extend(line.get(start..).filter(|rest| !rest.is_empty()));
    Box::new(words.into_iter().map(textwrap::core::Word::from))
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_pipeline_stays_on_one_line() {
        let text =
            "run `kubectl kustomize overlays/prod | hallpass check -`, or add `--no-render`, as they are";
        let lines = "run\n  `kubectl kustomize overlays/prod | hallpass check -`,\n  or add `--no-render`, as\n  they are";
        assert_eq!(wrapped(text, 26, 2), lines);
        assert_eq!(wrapped("a `b c d` e f g h i j k", 20, 0), "a `b c d` e f g h i\nj k");
    }
}
