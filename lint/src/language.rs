//! The texts that a pattern matches.

use hallpass_policy::pattern::matcher;
use hallpass_re2::{Beyond, Entry, beyond, common};

/// The images that the API server passes on without their tags: `[host[:port]/]path`.
pub(crate) const PATH: &str = "^(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?(?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+$";

/// Images with a tag or a digest.
const TAGGED: &str = "^[A-Za-z0-9./_-]+[:@][A-Za-z0-9.:@_-]*$";

/// The texts that two patterns have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Common {
    /// A shortest text.
    Text(String),
    /// No text.
    Nothing,
    /// Unknown: one of the patterns is invalid or too large.
    Unknown,
}

/// Returns the shortest text that both patterns match.
pub(crate) fn both(pattern: &str, other: &str) -> Common {
    match common(&[Entry::Pattern(pattern)], &[Entry::Pattern(other)]) {
        Ok(Beyond::Text(text)) => Common::Text(text),
        Ok(Beyond::Nothing) => Common::Nothing,
        Ok(Beyond::Undecided) | Err(_) => Common::Unknown,
    }
}

/// Returns the shortest text that both patterns match, if there is one.
pub(crate) fn example(pattern: &str, other: &str) -> Option<String> {
    match both(pattern, other) {
        Common::Text(text) => Some(text),
        Common::Nothing | Common::Unknown => None,
    }
}

/// Whether another pattern certainly matches every text that a pattern matches.
pub(crate) fn is_within(pattern: &str, other: &str) -> bool {
    beyond(&[Entry::Pattern(pattern)], &[Entry::Pattern(other)]) == Ok(Beyond::Nothing)
}

/// Whether a valid pattern matches a text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    matcher([pattern]).is_ok_and(|matcher| matcher.matches(text))
}

/// The images that a pattern can match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Images {
    /// Images without tag and digest.
    Paths,
    /// Only texts with a tag or a digest, with which it is never compared.
    OnlyTagged,
    /// No image.
    None,
}

/// Returns the images that a pattern can match. An undecided pattern counts as one that matches paths.
pub(crate) fn images(pattern: &str) -> Images {
    match both(pattern, PATH) {
        Common::Text(_) | Common::Unknown => Images::Paths,
        Common::Nothing => match both(pattern, TAGGED) {
            Common::Nothing => Images::None,
            Common::Text(_) | Common::Unknown => Images::OnlyTagged,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Images, images};

    #[test]
    fn a_pattern_is_compared_with_images_without_tags() {
        for (pattern, expected) in [
            (r"^r\.example/x$", Images::Paths),
            (r"^r\.example:5000/x$", Images::Paths),
            ("^x(:[0-9]+)?$", Images::Paths),
            ("^.*$", Images::Paths),
            (r"^r\.example/x:1$", Images::OnlyTagged),
            (r"^r\.example/x:.*$", Images::OnlyTagged),
            (r"^r\.example/x@sha256:[0-9a-f]{64}$", Images::OnlyTagged),
            ("^https://r/x$", Images::None),
            ("^a^b$", Images::None),
            ("^r/ x$", Images::None),
        ] {
            assert_eq!(images(pattern), expected, "{pattern}");
        }
    }
}
