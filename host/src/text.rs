//! Text of users, made fit to print.

/// Control characters are shown as escapes: input must not be able to drive the terminal.
pub(crate) fn visible(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

/// A file as people know it.
pub(crate) fn display_name(file: &str) -> String {
    if file == "-" { "<stdin>".to_owned() } else { visible(file) }
}

/// `1 workload`, `2 workloads`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
