//! The page of docs/browser.md in one file, from the last `cargo xtask dist`.

static PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/page.html"));

/// The page and its Content-Security-Policy.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The HTML, including scripts and styles.
    pub html: &'static str,
    /// Its Content-Security-Policy.
    pub policy: &'static str,
    /// The nonce for the styles that the page creates, in the policy and in the page. The server replaces it in every
    /// response.
    pub nonce: &'static str,
}

/// Returns the page; `None` if it was not built.
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
