//! Makes users' text safe to print.

/// Escapes every character that could control a terminal or mislead readers.
pub(crate) fn visible(text: &str) -> String {
    hallpass_document::visible(text).into_owned()
}

/// The name of a file in messages.
pub(crate) fn display_name(file: &str) -> String {
    if file == "-" { "<stdin>".to_owned() } else { visible(file) }
}

/// `1 workload`, `2 workloads`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
