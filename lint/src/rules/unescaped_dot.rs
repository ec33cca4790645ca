//! An unescaped dot in the host of a registry, which matches any character.

use crate::example::image;
use crate::found::Reports;
use crate::language::{Images, PATH, example, is_within};
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::texts::{Field, Text};

pub(crate) static RULE: Rule = Rule {
    id: "unescaped-dot",
    level: Level::Warning,
    summary: "A dot in a registry's host matches any character",
    rationale: "In a pattern, `.` matches any character: `^registry.example/agent$` also accepts `registry-example/agent`. \
                Anyone who owns such a name can run an image with the exemptions of this allowlist. `\\.` matches only a dot.",
    example: image,
    bad: "^registry.example/acme/(agent|cleanup)$",
    good: "^registry\\.example/acme/(agent|cleanup)$",
    fix: Some(Effect::PermitsNoMore),
    found_by: FoundBy::Pattern(Field::Image, check),
};

fn check(text: &Text<'_>, pattern: &str, reports: &mut Reports<'_>) {
    let Some(escaped) = escaped(pattern) else { return };
    // A pattern that matches no image permits nothing, and a dot in a class or in `\Q...\E` matches only a dot.
    if text.images() != Images::Paths || is_within(pattern, &escaped) {
        return;
    }
    let fix = reports.set(&text.pointer, "escape the dots of the host", &escaped);
    let finding = reports
        .add(&text.pointer, format!("a dot in the host of `{pattern}` matches any character"))
        .help(format!("write `{escaped}`"));
    if is_within(&escaped, pattern) && example(&escaped, PATH).is_some() {
        finding.fix(fix);
    }
}

/// Returns the pattern with the plain dots of its host escaped, if it has any. A dot between letters is plain.
fn escaped(pattern: &str) -> Option<String> {
    let mut escaped = String::with_capacity(pattern.len() + 2);
    let (mut before, mut in_class, mut in_host, mut changed) = ('^', false, true, false);
    let mut characters = pattern.chars().peekable();
    while let Some(c) = characters.next() {
        let after = characters.peek().copied().unwrap_or('$');
        if c == '\\' && after == 'Q' {
            escaped.push(c);
            while !escaped.ends_with("\\E")
                && let Some(literal) = characters.next()
            {
                escaped.push(literal);
                in_host &= literal != '/';
            }
            before = '$';
            continue;
        }
        if c == '\\' {
            escaped.push(c);
            escaped.extend(characters.next());
            in_host &= after != '/';
            before = after;
            continue;
        }
        match c {
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => in_host = false,
            '.' if in_host && !in_class => {
                let is_plain = is_letter(before) && (is_letter(after) || matches!(after, ')' | '|' | '('));
                if is_plain {
                    escaped.push('\\');
                    changed = true;
                }
            }
            _ => {}
        }
        escaped.push(c);
        before = c;
    }
    // Without a slash, the pattern has no host.
    (changed && !in_host).then_some(escaped)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn only_plain_dots_of_the_host_are_escaped() {
        for (pattern, expected) in [
            ("^gcr.io/a.b$", Some(r"^gcr\.io/a.b$")),
            (r"^(eu.|asia.)?gcr.io\/a$", Some(r"^(eu\.|asia\.)?gcr\.io\/a$")),
            (r"^k8s\.gcr\.io/a$", None),
            ("^gcr[.]io/a$", None),
            ("^.*/a.b$", None),
            ("^(.*/)?acme/a$", None),
            ("^example.com$", None),
            ("^r.*/a$", None),
            (r"^\Qgcr.io\E/a.b$", None),
            (r"^\Qgcr.io/a\E.b$", None),
            (r"^\Qeu.\Egcr.io/a$", Some(r"^\Qeu.\Egcr\.io/a$")),
            ("^a.io:5000/b$", Some(r"^a\.io:5000/b$")),
        ] {
            assert_eq!(escaped(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
