//! The page of docs/browser.md in one file, as `cargo xtask dist` last built it.

static PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/page.html"));

/// The page, and what it may do.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The HTML, with all that it needs.
    pub html: &'static str,
    /// Its Content-Security-Policy.
    pub policy: &'static str,
}

/// The page; none when this was built without.
#[must_use]
pub fn page() -> Option<Page> {
    let (_, rest) = PAGE.split_once(r#"<meta http-equiv="Content-Security-Policy" content=""#)?;
    let (policy, _) = rest.split_once('"')?;
    Some(Page { html: PAGE, policy })
}
