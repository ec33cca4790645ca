//! A pattern that RE2 refuses.

use hallpass_document::Code;

use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "invalid-pattern",
    level: Level::Error,
    summary: "A pattern is not valid RE2",
    rationale: "A text that starts with `^` and ends with `$` is an RE2 pattern. RE2 has no look-around and no backreferences, \
                and its repetitions end at 1000. hallpass assumes that GKE does not use an allowlist with any other pattern.",
    bad: allowlist!(
        "
    image: registry.example/acme/agent
    args:
    - ^--level=(?!debug).*$
"
    ),
    good: allowlist!(
        "
    image: registry.example/acme/agent
    args:
    - ^--level=(info|warning)$
"
    ),
    fix: None,
    found_by: FoundBy::Reading(Code::Pattern),
};
