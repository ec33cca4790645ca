//! URIs of files.

use std::path::MAIN_SEPARATOR;

/// Returns the URI of a file: relative, as code scanning needs it, unless the path is absolute.
pub(super) fn of(path: &str) -> String {
    let path = path.replace(MAIN_SEPARATOR, "/");
    let mut uri = String::with_capacity(path.len());
    match path.as_bytes() {
        [b'/', ..] => uri.push_str("file://"),
        // A drive of Windows.
        [drive, b':', b'/', ..] if drive.is_ascii_alphabetic() && MAIN_SEPARATOR == '\\' => {
            uri.push_str("file:///");
        }
        _ => {}
    }
    for byte in path.bytes() {
        match byte {
            // The unreserved characters of RFC 3986, and the separator.
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn paths_are_relative_and_encoded() {
        assert_eq!(of("deploy/agent.yaml"), "deploy/agent.yaml");
        assert_eq!(of("../a b/100%?#é:.yaml"), "../a%20b/100%25%3F%23%C3%A9%3A.yaml");
        assert_eq!(of("/srv/a.yaml"), "file:///srv/a.yaml");
        assert_eq!(of("//host/a"), "file:////host/a");
    }
}
