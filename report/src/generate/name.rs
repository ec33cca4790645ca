//! Names of allowlists.

/// Checks a name for an allowlist.
///
/// # Errors
/// The name is invalid, or too long for the label by which workloads select an allowlist.
pub fn object_name(name: &str) -> Result<String, &'static str> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let is_name = name.chars().all(is_plain) && ends(name.chars().next()) && ends(name.chars().next_back());
    // A label is shorter than a name may be.
    match name.len() {
        1..=63 if is_name => Ok(name.to_owned()),
        _ => Err(
            "a name has up to 63 lower-case letters, digits, `-` and `.`, and starts and ends with a letter or digit",
        ),
    }
}
