//! Text in messages: escaped, or counted.

/// Escapes every character that could control a terminal or mislead readers.
pub(crate) fn visible(text: &str) -> String {
    hallpass_document::visible(text).into_owned()
}

/// `1 workload`, `2 workloads`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
