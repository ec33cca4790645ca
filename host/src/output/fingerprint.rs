//! Names of findings that stay the same when lines move, so that a platform recognizes a finding of an earlier run.

use std::collections::HashMap;

use hallpass_document::sha256_to_hex;
use sha2::{Digest as _, Sha256};

use super::findings::Finding;

/// The length in hexadecimal digits: 128 bits.
const LENGTH: usize = 32;

/// Counts equal findings.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints(HashMap<String, usize>);

impl Fingerprints {
    /// Returns the fingerprint of a finding: of its file, its subject, its rule and the JSON pointer. The second of two
    /// findings that are equal in all of these has another one.
    pub(crate) fn next(&mut self, subject: &str, finding: &Finding) -> String {
        let file = finding.location.edited().unwrap_or(&finding.location.file);
        let parts = [file, subject, &*finding.rule, &*finding.path].map(str::as_bytes);
        // No part contains this byte, which is not valid in UTF-8.
        let key = hex(&parts.join(&0xFF));
        let count = self.0.entry(key.clone()).or_default();
        *count += 1;
        if *count == 1 { key } else { hex(format!("{key} {count}").as_bytes()) }
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut digits = sha256_to_hex(&Sha256::digest(bytes).into());
    digits.truncate(LENGTH);
    digits
}

#[cfg(test)]
mod tests {
    use super::Fingerprints;
    use crate::output::findings::{Finding, Level, Location};

    fn finding(line: u32, path: &str) -> Finding {
        Finding::new(Level::Error, "M7", format!("on line {line}")).at(Location::line("a.yaml", line), path)
    }

    #[test]
    fn a_fingerprint_depends_on_the_pointer_and_not_on_the_line() {
        let first = |finding: &Finding| Fingerprints::default().next("Pod a", finding);
        assert_eq!(first(&finding(1, "/a")), first(&finding(2, "/a")));
        assert_ne!(first(&finding(1, "/a")), first(&finding(1, "/b")));
        assert_ne!(first(&finding(1, "/a")), Fingerprints::default().next("Pod b", &finding(1, "/a")));
        assert_eq!(first(&finding(1, "/a")).len(), super::LENGTH);
    }

    #[test]
    fn equal_findings_have_different_fingerprints() {
        let mut fingerprints = Fingerprints::default();
        let all: Vec<String> = (0..3).map(|_| fingerprints.next("Pod a", &finding(1, "/a"))).collect();
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
    }
}
