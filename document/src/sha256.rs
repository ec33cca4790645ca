//! SHA-256 digests in hexadecimal digits.

/// Parses a SHA-256 digest: 64 lower-case hex digits. Upper-case digits are not valid (OCI image specification).
#[must_use]
pub fn sha256_from_hex(hex: &str) -> Option<[u8; 32]> {
    if hex.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    let mut digits = hex.bytes();
    for byte in &mut bytes {
        *byte = nibble(digits.next()?)? << 4 | nibble(digits.next()?)?;
    }
    Some(bytes)
}

/// Returns the 64 lower-case hex digits of a SHA-256 digest.
#[must_use]
pub fn sha256_to_hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
