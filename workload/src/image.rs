//! Image references, as far as matching needs them (rule M5).

use hallpass_document::sha256_from_hex;

/// The parts of a container's image reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageReference<'v> {
    /// The reference as written.
    pub full: &'v str,
    /// The reference without tag and digest: `[host[:port]/]path`.
    pub path: &'v str,
    /// The text after the first `@`, whether it is a valid digest or not.
    pub digest: Option<&'v str>,
    /// The 64 lower-case hex digits of the digest, if the reference ends in `@sha256:` and those digits.
    pub sha256: Option<[u8; 32]>,
}

impl<'v> ImageReference<'v> {
    /// Splits a reference. It is not normalized: `nginx` is not `docker.io/library/nginx`, because the public
    /// allowlists list both forms.
    #[must_use]
    pub fn parse(full: &'v str) -> Self {
        let (rest, digest) = match full.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (full, None),
        };
        // A colon before the last slash separates the registry's port.
        let path = match rest.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => path,
            _ => rest,
        };
        let sha256 = digest.and_then(|digest| digest.strip_prefix("sha256:")).and_then(sha256_from_hex);
        ImageReference { full, path, digest, sha256 }
    }

    /// Returns the path, unless the image has a digest: GKE was seen to refuse such references.
    #[must_use]
    pub fn matchable_path(&self) -> Option<&'v str> {
        self.digest.is_none().then_some(self.path)
    }

    /// Returns the reference without the digest, but with the tag.
    #[must_use]
    pub fn without_digest(&self) -> &'v str {
        self.full.split_once('@').map_or(self.full, |(rest, _)| rest)
    }
}

#[cfg(test)]
mod tests {
    use super::ImageReference;

    #[test]
    fn strips_tag_and_digest_but_not_a_port() {
        let hex = "a".repeat(64);
        let with_digest = format!("r.example:5000/a/b:1.2@sha256:{hex}");
        for (full, path) in [
            ("nginx", "nginx"),
            ("nginx:1.27", "nginx"),
            ("localhost:5000/nginx", "localhost:5000/nginx"),
            ("localhost:5000/nginx:1.27", "localhost:5000/nginx"),
            (with_digest.as_str(), "r.example:5000/a/b"),
            ("a/b@sha256:short", "a/b"),
            ("", ""),
        ] {
            assert_eq!(ImageReference::parse(full).path, path, "{full}");
        }
        assert_eq!(ImageReference::parse(&with_digest).sha256, Some([0xaa; 32]));
    }

    #[test]
    fn whatever_follows_an_at_sign_bars_the_path() {
        let hex = "a".repeat(64);
        for digest in [format!("sha256:{hex}"), format!("@sha256:{hex}"), "sha256:".to_owned(), String::new()]
        {
            let full = format!("a/b:1@{digest}");
            let image = ImageReference::parse(&full);
            assert_eq!(image.matchable_path(), None, "{full}");
            assert_eq!(image.digest, Some(digest.as_str()), "{full}");
            assert_eq!(image.without_digest(), "a/b:1", "{full}");
        }
        assert_eq!(ImageReference::parse("a/b:1").matchable_path(), Some("a/b"));
        assert_eq!(ImageReference::parse("a/b:1").without_digest(), "a/b:1");
    }

    #[test]
    fn a_digest_is_64_lower_case_hex_digits() {
        for digest in ["A".repeat(64), "a".repeat(63), "a".repeat(65), "g".repeat(64)] {
            assert_eq!(ImageReference::parse(&format!("a@sha256:{digest}")).sha256, None, "{digest}");
        }
        let sha512 = format!("a@sha512:{}", "a".repeat(64));
        assert_eq!(ImageReference::parse(&sha512).sha256, None);
    }
}
