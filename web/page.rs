//! The page of docs/browser.md in one file, as `cargo xtask dist` last built it.

static PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/page.html"));

/// The page, and what it may do.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The HTML, with all that it needs.
    pub html: &'static str,
    /// Its Content-Security-Policy.
    pub policy: &'static str,
    /// What allows the styles that the page makes, in the policy and in the page. Whoever serves the page puts another one in
    /// its place for every answer.
    pub nonce: &'static str,
}

/// The page; none when this was built without.
#[must_use]
pub fn page() -> Option<Page> {
    let policy = content(r#"<meta http-equiv="Content-Security-Policy" content=""#)?;
    let nonce = content(r#"<meta name="style-nonce" content=""#)?;
    Some(Page { html: PAGE, policy, nonce })
}

fn content(meta: &str) -> Option<&'static str> {
    let (_, rest) = PAGE.split_once(meta)?;
    rest.split_once('"').map(|(content, _)| content)
}
