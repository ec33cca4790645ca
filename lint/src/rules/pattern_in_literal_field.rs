//! A pattern in a field that cannot contain patterns.

use hallpass_policy::pattern::is_pattern;

use crate::example::agent;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};
use crate::syntax::{is_template, sign_of_name, sign_of_path};
use crate::texts::{Form, Literal, literals};

pub(crate) static RULE: Rule = Rule {
    id: "pattern-in-literal-field",
    level: Level::Warning,
    summary: "A pattern is in a field that has no patterns",
    rationale: "Patterns count only in `image`, `args` and `env[].name`. All other fields are compared as text, according to \
                GKE's documentation: commands, also those of hooks and probes, `envFrom`, paths and names. No workload has a \
                Secret whose name is a pattern, so the entry matches nothing.",
    example: |name| agent(&format!("    envFrom:\n    - secretRef:\n        name: {name}\n")),
    bad: "^acme-.*$",
    good: "acme-keys",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

/// Programs whose arguments are patterns.
const SEARCHES: [&str; 6] = ["grep", "egrep", "sed", "awk", "find", "pgrep"];

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    for literal in literals(object) {
        let Literal { text, field, form, .. } = &literal;
        if is_template(text) {
            continue;
        }
        let help = match form {
            Form::Command(_) if is_pattern(text) && !is_argument_of_search(object, &literal) => {
                "write the exact text, or move the part that varies to `args`, which has patterns"
            }
            Form::Name if sign_of_name(text).is_some() => "list every name",
            Form::Path if sign_of_path(text).is_some() => "list every path",
            _ => continue,
        };
        let message = format!("{} has no patterns: `{text}` is compared as text", shown(field));
        reports.add(&literal.pointer, message).help(help);
    }
}

fn shown(field: &str) -> String {
    if field.contains(' ') { field.to_owned() } else { format!("`{field}`") }
}

/// Whether a program such as grep reads the pattern.
fn is_argument_of_search(object: &Object<'_>, literal: &Literal<'_>) -> bool {
    let Form::Command(index) = literal.form else { return false };
    let Some((list, _)) = literal.pointer.rsplit_once('/') else { return false };
    let mut before = object.strings(list).take(index);
    before.any(|(_, item)| SEARCHES.contains(&item.rsplit('/').next().unwrap_or(item)))
}
