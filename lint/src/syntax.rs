//! Texts that look like patterns.

use crate::texts::Field;

/// Characters that no image, no name and no capability contains.
const SIGNS: &[char] = &['^', '$', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '\\'];

/// Parts of arguments that hardly anyone writes except in a pattern.
const PARTS: [&str; 12] =
    [".*", ".+", r"\d", r"\w", r"\s", r"\S", r"\.", "[^", "[0-9", "[a-z", "[A-Z", "(?:"];

/// A missing anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    Start,
    End,
}

/// Whether a program replaces a part of the text before the cluster sees it.
pub(crate) fn is_template(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

/// Whether an image without its tag looks like a registry's host, so that the tag is likely a port.
pub(crate) fn has_port_alone(untagged: &str) -> bool {
    !untagged.contains('/') && (untagged.contains('.') || untagged == "localhost")
}

/// Returns the anchor without which a text is not a pattern, if it has the other one.
pub(crate) fn missing_anchor(field: Field, text: &str) -> Option<Missing> {
    match (text.strip_prefix('^'), text.strip_suffix('$')) {
        (Some(rest), None) if !rest.is_empty() => Some(Missing::End),
        (None, Some(rest)) if !rest.is_empty() => {
            // An argument may be a script, contain another pattern, or end in `$`.
            let is_pattern = field != Field::Args || sign_of_argument(rest).is_some();
            is_pattern.then_some(Missing::Start)
        }
        _ => None,
    }
}

/// Returns the part of a text without anchors that shows that it is intended as a pattern.
pub(crate) fn sign(field: Field, text: &str) -> Option<&str> {
    match field {
        Field::Image | Field::Env => text.matches(SIGNS).next(),
        Field::Args => sign_of_argument(text),
    }
}

/// Returns the first character that no name contains.
pub(crate) fn sign_of_name(name: &str) -> Option<&str> {
    name.matches(SIGNS).next()
}

/// Returns the first character of a path that shows that it is intended as a pattern.
pub(crate) fn sign_of_path(path: &str) -> Option<&str> {
    path.matches(['^', '*', '|', '\\']).next().or_else(|| path.ends_with('$').then_some("$"))
}

/// Returns a sure sign of a pattern. An argument may contain anything: scripts, globs of hidden files and options whose value
/// is a pattern for the program are ordinary arguments.
fn sign_of_argument(argument: &str) -> Option<&str> {
    if argument.contains(|c: char| c == '^' || c.is_ascii_whitespace()) || argument.contains("/.*") {
        return None;
    }
    PARTS.into_iter().find(|part| argument.contains(part)).or_else(|| alternatives(argument))
}

/// Returns alternatives such as `(a|b)`, but no reference to a variable.
fn alternatives(argument: &str) -> Option<&str> {
    let (start, _) =
        argument.match_indices('(').find(|(at, _)| !argument.get(..*at).is_some_and(|b| b.ends_with('$')))?;
    let group = argument.get(start..)?;
    let group = group.get(..=group.find(')')?)?;
    group.contains('|').then_some(group)
}

#[cfg(test)]
mod tests {
    use super::{Missing, missing_anchor, sign};
    use crate::texts::Field;

    #[test]
    fn ordinary_arguments_are_no_patterns() {
        for argument in [
            "[::]:8080",
            "a.b",
            "$(VAR)",
            "--x=$(A)|$(B)",
            "*",
            "--include=*.log",
            "-c",
            "cp -r /a/.* /b && grep -E '^a.*$' /c",
            "--ignore=/tmp/.*",
            "--filesystem.mount-points-exclude=^/(dev|proc|sys)($|/)",
            "--devices=^(veth.*)$",
            "--price=5$$",
            "price$",
            "--json={\"a\": [1]}",
            "{{ .Values.arg }}",
        ] {
            assert_eq!(sign(Field::Args, argument), None, "{argument}");
            assert_eq!(missing_anchor(Field::Args, argument), None, "{argument}");
        }
    }

    #[test]
    fn patterns_without_anchors_are_found() {
        for (field, text, part) in [
            (Field::Args, "--level=.*", ".*"),
            (Field::Args, "--n=[0-9]+", "[0-9"),
            (Field::Args, "--level=(info|debug)", "(info|debug)"),
            (Field::Image, "gcr.io/my-org/x:.*", "*"),
            (Field::Image, r"gcr\.io/x", r"\"),
            (Field::Env, "DD_*", "*"),
        ] {
            assert_eq!(sign(field, text), Some(part), "{text}");
        }
        for (field, text, missing) in [
            (Field::Env, "^DD_.*", Missing::End),
            (Field::Args, "--level=.*$", Missing::Start),
            (Field::Image, "gcr.io/x$", Missing::Start),
            (Field::Args, "^--a b", Missing::End),
        ] {
            assert_eq!(missing_anchor(field, text), Some(missing), "{text}");
        }
        assert_eq!(missing_anchor(Field::Args, "^"), None);
        assert_eq!(missing_anchor(Field::Args, "$"), None);
        assert_eq!(missing_anchor(Field::Args, "^a$"), None);
    }
}
