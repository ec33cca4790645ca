//! Criteria under `spec`.

use hallpass_document::Code;

use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "spec-field",
    level: Level::Error,
    summary: "An allowlist has a `spec`",
    rationale: "Unlike most objects, a `WorkloadAllowlist` has its fields at the top level, next to `metadata`. GKE drops a \
                `spec` with everything in it.",
    bad: "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
spec:
  exemptions:
  - autogke-disallow-hostnamespaces
  matchingCriteria:
    hostPID: true
    containers:
    - name: agent
      image: registry.example/acme/agent
",
    good: allowlist!(
        "
    image: registry.example/acme/agent
"
    ),
    fix: None,
    found_by: FoundBy::Reading(Code::SpecField),
};
