//! A pattern that accepts any argument.

use crate::example::argument;
use crate::found::Reports;
use crate::language::matches;
use crate::prefix::prefix;
use crate::rule::{FoundBy, Level, Rule};
use crate::texts::{Field, Text};

pub(crate) static RULE: Rule = Rule {
    id: "any-argument",
    level: Level::Warning,
    summary: "A pattern accepts any argument",
    rationale: "Most programs have an option that loads a file, runs a command or listens to the network. A user who can create a \
                workload can use it with the exemptions of this allowlist. List the arguments, or patterns that begin with the \
                name of an option.",
    example: argument,
    bad: "^--.*$",
    good: "^--level=.*$",
    fix: None,
    found_by: FoundBy::Pattern(Field::Args, check),
};

/// An option that no vendor has, with a value.
const OTHER_OPTION: &str = "--other-option=other";

fn check(text: &Text<'_>, pattern: &str, reports: &mut Reports<'_>) {
    if is_any(pattern) {
        reports
            .add(&text.pointer, format!("`{pattern}` accepts any argument"))
            .help("list the arguments, or begin a pattern with the name of an option: `^--level=.*$`");
    }
}

/// Whether a pattern accepts options that no vendor has.
pub(super) fn is_any(pattern: &str) -> bool {
    OTHER_OPTION.starts_with(&prefix(pattern))
        && [OTHER_OPTION, "--other-option"].iter().any(|argument| matches(pattern, argument))
}
