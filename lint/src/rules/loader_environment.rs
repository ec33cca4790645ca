//! Variables that make a program load other code.

use hallpass_author::generate::LOADERS;
use hallpass_policy::pattern::{is_pattern, matcher};

use crate::example::variable;
use crate::found::Reports;
use crate::object::Object;
use crate::prefix::prefix;
use crate::rule::{FoundBy, Level, Rule};
use crate::texts::Field;

pub(crate) static RULE: Rule = Rule {
    id: "loader-environment",
    level: Level::Warning,
    summary: "A variable can load other code into the program",
    rationale: "GKE compares the names of variables, never their values. A workload that may set `LD_PRELOAD`, `PYTHONPATH` or \
                a variable like them can run any code in the container, with the exemptions of this allowlist.",
    example: variable,
    bad: "^.*$",
    good: "^ACME_[A-Z_]+$",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    for text in object.texts().iter().filter(|text| text.field == Field::Env) {
        let Some(variable) = loader(text.text) else { continue };
        let (message, help) = if is_pattern(text.text) {
            let message = format!("`{}` permits `{variable}`, which loads other code", text.text);
            (message, "list the variables, or begin the pattern with a prefix of the program's variables")
        } else {
            let message = format!("`{variable}` may have any value, and loads other code");
            (message, "remove it, and set its value in the image")
        };
        reports.add(&text.pointer, message).help(help);
    }
}

/// Returns the first of these variables that an entry permits.
fn loader(entry: &str) -> Option<&'static str> {
    if !is_pattern(entry) {
        return LOADERS.into_iter().find(|variable| *variable == entry);
    }
    let prefix = prefix(entry);
    let mut alike = LOADERS.into_iter().filter(|variable| variable.starts_with(&prefix)).peekable();
    alike.peek()?;
    let matcher = matcher([entry]).ok()?;
    alike.find(|variable| matcher.matches(variable))
}
