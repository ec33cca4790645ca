//! SHA-256 digests, as in the lock file.

use std::fmt;
use std::str::FromStr;

use hallpass_document::sha256_from_hex;
use sha2::{Digest as _, Sha256};

/// The SHA-256 digest of a file. Its text form is `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

const PREFIX: &str = "sha256:";

impl Digest {
    /// Computes the digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Digest(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The error for a text that is not a digest in this form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDigest;

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        text.strip_prefix(PREFIX).and_then(sha256_from_hex).map(Digest).ok_or(NoDigest)
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    /// The one-block example of FIPS 180-2, appendix B.1.
    const ABC: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn it_is_sha_256_and_reads_what_it_writes() {
        assert_eq!(Digest::of(b"abc").to_string(), ABC);
        assert_eq!(ABC.parse(), Ok(Digest::of(b"abc")));
    }

    #[test]
    fn there_is_one_form() {
        let digits = ABC.trim_start_matches("sha256:");
        let cases = [
            String::new(),
            "sha256:".to_owned(),
            digits.to_owned(),
            format!("{ABC}0"),
            ABC.trim_end_matches('d').to_owned(),
            ABC.to_uppercase(),
            format!("sha256:{}", digits.to_uppercase()),
            format!("sha256:{}", "ä".repeat(32)),
            format!("md5:{digits}"),
        ];
        for text in cases {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
