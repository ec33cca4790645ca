//! A `minGKEVersion` that is not a version.

use hallpass_document::Code;

use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "invalid-min-gke-version",
    level: Level::Error,
    summary: "`minGKEVersion` is not a version of GKE",
    rationale: "`minGKEVersion` is a version of GKE, such as `1.32.2-gke.1652000`, `1.32.2` or `1.32`. hallpass assumes that GKE \
                does not use an allowlist with any other text.",
    bad: "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
minGKEVersion: v1.32
exemptions:
- autogke-disallow-hostnamespaces
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
minGKEVersion: 1.32.2-gke.1652000
exemptions:
- autogke-disallow-hostnamespaces
matchingCriteria:
  hostPID: true
  containers:
  - name: agent
    image: registry.example/acme/agent
",
    fix: None,
    found_by: FoundBy::Reading(Code::GkeVersion),
};
