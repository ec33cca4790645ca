//! Phrases of messages.

/// ``cluster `a` ``, or ``cluster `a` and 2 others``: of many clusters, only the first is named.
pub(crate) fn clusters<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let mut names = names.into_iter();
    let first = names.next()?;
    Some(match names.count() {
        0 => format!("cluster `{first}`"),
        1 => format!("cluster `{first}` and 1 other"),
        more => format!("cluster `{first}` and {more} others"),
    })
}
