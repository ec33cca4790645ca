//! Phrases of messages.

/// `a, b and c`.
pub(super) fn listed(items: impl IntoIterator<Item = String>, before_last: &str) -> String {
    let mut items: Vec<String> = items.into_iter().collect();
    match items.pop() {
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} {before_last} {last}", items.join(", ")),
        None => String::new(),
    }
}

/// ``cluster `a` ``, or ``cluster `a` and 2 others``: of many clusters, only the first is named.
pub(super) fn clusters<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let mut names = names.into_iter();
    let first = names.next()?;
    Some(match names.count() {
        0 => format!("cluster `{first}`"),
        1 => format!("cluster `{first}` and 1 other"),
        more => format!("cluster `{first}` and {more} others"),
    })
}
