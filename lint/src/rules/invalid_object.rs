//! An error that makes an object unusable and that no other rule covers.

use hallpass_document::Code;

use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "invalid-object",
    level: Level::Error,
    summary: "A cluster would not accept the object",
    rationale: "A value has the wrong type, or a required field is missing. GKE would refuse the object, so nothing is \
                exempted by it.",
    bad: "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
exemptions: autogke-disallow-hostnamespaces
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
    found_by: FoundBy::Reading(Code::Other),
};
