//! Text of users, made fit to print.

/// Control characters, and those that have no width or turn the direction of text, are shown as escapes: input must not be able to
/// drive the terminal, or to make a line read as what it does not say.
pub(crate) fn visible(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    text.chars().flat_map(|c| if is_hidden(c) { c.escape_default().collect() } else { vec![c] }).collect()
}

fn is_hidden(c: char) -> bool {
    let unseen =
        matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    c.is_control() || unseen
}

/// A file as people know it.
pub(crate) fn display_name(file: &str) -> String {
    if file == "-" { "<stdin>".to_owned() } else { visible(file) }
}

/// `1 workload`, `2 workloads`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_could_mislead_is_escaped() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(visible("a\u{202e}b\nc"), "a\\u{202e}b\\nc");
        assert_eq!(visible("plain é"), "plain é");
    }
}
