//! A name that no object can have.

use crate::example::named;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "invalid-name",
    level: Level::Error,
    summary: "The API server refuses the name",
    rationale: "The name of an allowlist consists of lower-case letters, digits, `-` and `.`. Each part \
                between dots starts and ends with a letter or digit. The API server refuses any other name.",
    example: named,
    bad: "Acme_Agent-v1",
    good: "acme-agent-v1",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

/// The maximum length of a name.
const LONGEST: usize = 253;

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    let Some(name) = object.manifest.name().filter(|name| !name.is_empty()) else { return };
    if !is_valid(name) {
        reports
            .add("/metadata/name", format!("the API server refuses the name `{name}`"))
            .help("use lower-case letters, digits, `-` and `.`, and start and end each part between dots with a letter or digit");
    }
}

pub(super) fn is_valid(name: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let is_inner = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
        is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_inner)
    };
    name.len() <= LONGEST && name.split('.').all(is_label)
}
