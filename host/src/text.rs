//! Text of users, made fit to print.

/// The text with an escape for each character that could drive a terminal or mislead.
pub(crate) fn visible(text: &str) -> String {
    hallpass_document::visible(text).into_owned()
}

/// A file as people know it.
pub(crate) fn display_name(file: &str) -> String {
    if file == "-" { "<stdin>".to_owned() } else { visible(file) }
}

/// `1 workload`, `2 workloads`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
