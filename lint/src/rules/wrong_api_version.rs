//! An `apiVersion` or a kind that no cluster serves.

use hallpass_document::Code;

use crate::rule::{Effect, FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "wrong-api-version",
    level: Level::Error,
    summary: "No cluster serves the object's `apiVersion` or `kind`",
    rationale: "Allowlists and synchronizers are served as `auto.gke.io/v1` only. A cluster refuses any other version or kind, \
                so the object never takes effect.",
    bad: "\
apiVersion: autopilot.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
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
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Reading(Code::ApiVersion),
};
