//! An exemption from a constraint that does not exist.

use hallpass_document::Code;

use crate::rule::{Effect, FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "unknown-exemption",
    level: Level::Error,
    summary: "An exemption has no effect",
    rationale: "`exemptions` lists names of Autopilot's constraints, and an allowlist can exempt from seven of them. A workload \
                that violates another one, or one that is misspelled here, is denied.",
    bad: "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
exemptions:
- autogke-disallow-hostnamespaces
- autogke-no-hostport
matchingCriteria:
  hostPID: true
  containers:
  - name: agent
    image: registry.example/acme/agent
",
    good: "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
exemptions:
- autogke-disallow-hostnamespaces
- autogke-no-host-port
matchingCriteria:
  hostPID: true
  containers:
  - name: agent
    image: registry.example/acme/agent
",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Reading(Code::Exemption),
};
