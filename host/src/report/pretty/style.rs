//! Colors and widths. Styles are always written; the stream strips them where they do not belong.

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

/// Columns to write in: the terminal's, else `COLUMNS`, else enough for a log.
pub(super) fn width() -> usize {
    const LOG: usize = 120;
    const NARROWEST: usize = 40;
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(columns).unwrap_or(LOG).max(NARROWEST)
}

/// Wraps plain text; every line but the first is indented.
pub(super) fn wrapped(plain: &str, width: usize, indent: usize) -> String {
    let options = textwrap::Options::new(width.saturating_sub(indent).max(20))
        .word_separator(textwrap::WordSeparator::Custom(words))
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::wrap(plain, options).join(&format!("\n{}", " ".repeat(indent)))
}

/// Words end at spaces and commas: GKE lists capabilities and label keys without a space.
fn words(line: &str) -> Box<dyn Iterator<Item = textwrap::core::Word<'_>> + '_> {
    Box::new(line.split_inclusive([' ', ',']).map(textwrap::core::Word::from))
}
