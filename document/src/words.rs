//! Phrases of messages.

/// Joins items: `a, b and c`.
pub fn listed(items: impl IntoIterator<Item = String>, before_last: &str) -> String {
    let mut items: Vec<String> = items.into_iter().collect();
    match items.pop() {
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} {before_last} {last}", items.join(", ")),
        None => String::new(),
    }
}

/// Counts a noun: `1 workload`, `2 workloads`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
