//! The text with which every match of a pattern begins. With it, most patterns need no comparison of automata.

/// Characters with a meaning in patterns.
const META: &[char] = &['\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$'];

/// Returns a text with which every match begins. It may be shorter than the longest one.
pub(crate) fn prefix(pattern: &str) -> String {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    // A repetition after flags repeats the text before them: `a(?i)*`.
    let has_flags = inner.matches("(?").count() != inner.matches("(?:").count();
    if has_flags || has_alternatives(inner) {
        return String::new();
    }
    let mut prefix = String::new();
    let mut characters = inner.chars().peekable();
    while let Some(c) = characters.next() {
        let literal = match c {
            '\\' => characters.next_if(char::is_ascii_punctuation),
            _ => (!META.contains(&c)).then_some(c),
        };
        let Some(literal) = literal else { break };
        if characters.peek().is_some_and(|next| matches!(next, '*' | '?' | '{')) {
            break;
        }
        prefix.push(literal);
    }
    prefix
}

/// Whether a `|` is outside of groups. One in a class, or in a group of text, counts too.
fn has_alternatives(pattern: &str) -> bool {
    let mut depth = 0_usize;
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            // `\Q` starts literal text.
            '\\' if characters.next() == Some('Q') => return true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '[' => return pattern.contains('|'),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use hallpass_re2::{Beyond, Entry, beyond};
    use hallpass_samples::seeded;
    use proptest::prelude::*;

    use super::prefix;

    #[test]
    fn the_text_before_the_first_choice() {
        for (pattern, expected) in [
            ("^--level=(info|debug)$", "--level="),
            (r"^gcr\.io/a$", "gcr.io/a"),
            ("^ab*$", "a"),
            ("^ab+$", "ab"),
            ("^ab{0,2}$", "a"),
            ("^a|b$", ""),
            ("^a(b)|c$", ""),
            ("^.*$", ""),
            ("^(?i)abc$", ""),
            ("^ab(?i)*$", ""),
            ("^ab(?:c)*$", "ab"),
            (r"^a\d$", "a"),
            (r"^a\Q|\E$", ""),
            ("^[a-z]+$", ""),
            ("^A_[A-Z]+$", "A_"),
        ] {
            assert_eq!(prefix(pattern), expected, "{pattern}");
        }
    }

    proptest! {
        #![proptest_config(seeded(512, 0x7072_6566))]

        #[test]
        fn every_match_begins_with_it(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "b", "|", "(", ")", "[ab]", "[)|]", "[(]", "*", "?", "+", r"\.", r"\(", r"\|", r"\d", r"\Qa|\E",
                    "{2}", "{0}", "^", "$", "é", "(?:", "(?i)", ".", "(a|b)",
                ]),
                0..6,
            ),
        ) {
            let pattern = format!("^{}$", parts.concat());
            let quoted = format!(r"^\Q{}\E(?s:.*)$", prefix(&pattern));
            if let Ok(found) = beyond(&[Entry::Pattern(&pattern)], &[Entry::Pattern(&quoted)]) {
                prop_assert_eq!(found, Beyond::Nothing, "{} {}", pattern, quoted);
            }
        }
    }
}
