//! A field that GKE drops.

use hallpass_document::Code;

use crate::rule::{Effect, FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "unknown-field",
    level: Level::Error,
    summary: "A field does not exist",
    rationale: "The API server drops fields that the object's CRD does not have. The allowlist then is without the criterion, \
                and usually matches nothing: here, no workload with an argument.",
    bad: allowlist!(
        "
    image: registry.example/acme/agent
    arg:
    - --level=info
"
    ),
    good: allowlist!(
        "
    image: registry.example/acme/agent
    args:
    - --level=info
"
    ),
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Reading(Code::UnknownField),
};
