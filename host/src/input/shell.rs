//! Paths in commands that users copy.

use std::path::Path;

/// Quotes a path so that a POSIX shell reads it as one word, and a command does not read it as an option.
pub(crate) fn word(path: &Path) -> String {
    let path = path.display().to_string();
    let path = if path.starts_with('-') { format!("./{path}") } else { path };
    let plain = |c: char| c.is_alphanumeric() || "_-./:@%+=,".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        return path;
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::word;
    use std::path::Path;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (path, expected) in [
            ("overlays/prod", "overlays/prod"),
            ("../a_b-c.d", "../a_b-c.d"),
            ("my charts/a", "'my charts/a'"),
            ("it's", r"'it'\''s'"),
            ("a;rm", "'a;rm'"),
            ("$(id)", "'$(id)'"),
            ("~a", "'~a'"),
            ("*", "'*'"),
            ("-rf", "./-rf"),
            ("é", "é"),
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
    }
}
