//! The names that Kubernetes accepts ("Object Names and IDs").

/// The maximum length of a label's name or value, and of a namespace.
pub(crate) const LONGEST_LABEL: usize = 63;

/// The maximum length of an object's name.
pub(crate) const LONGEST_NAME: usize = 253;

/// Whether a text is a DNS label, the name of a namespace.
pub(crate) fn is_dns_label(text: &str) -> bool {
    text.len() <= LONGEST_LABEL && !text.contains('.') && is_dns_subdomain(text)
}

/// Whether a text is a DNS subdomain, the name of most objects, of any length. A part between dots may also have any length.
#[must_use]
pub fn is_dns_subdomain(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.split('.').all(|part| {
        !part.is_empty() && part.chars().all(inner) && !part.starts_with('-') && !part.ends_with('-')
    })
}

/// Parses the name of a namespace, for command lines.
///
/// # Errors
/// The text is not a valid name of a namespace.
pub fn namespace(text: &str) -> Result<String, String> {
    match is_dns_label(text) {
        true => Ok(text.to_owned()),
        false => {
            Err("a namespace has up to 63 lower-case letters, digits and `-`, and no `*`: name each one"
                .to_owned())
        }
    }
}

/// Parses the name of a policy, for command lines.
///
/// # Errors
/// The text is not a valid name of a policy.
pub fn policy_name(text: &str) -> Result<String, String> {
    match is_dns_subdomain(text) && text.len() <= LONGEST_NAME {
        true => Ok(text.to_owned()),
        false => Err(
            "a name has lower-case letters, digits, `-` and `.`, and each part starts and ends with a letter or digit"
                .to_owned(),
        ),
    }
}
