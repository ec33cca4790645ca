//! A comment that suppresses nothing.

use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "suppression",
    level: Level::Warning,
    summary: "A comment that suppresses findings is invalid, or covers none",
    rationale: "A comment `# hallpass: allow RULE: REASON` covers the findings of these rules on its line, or, alone on a \
                line, on the next one. One with a typo covers nothing, and one that is no longer needed hides the next mistake.",
    bad: allowlist!(
        "
    image: registry.example/acme/agent # hallpass: allow any-image: mirrors have other names
"
    ),
    good: allowlist!(
        "
    image: registry.example/acme/agent
"
    ),
    fix: None,
    found_by: FoundBy::Comment,
};
