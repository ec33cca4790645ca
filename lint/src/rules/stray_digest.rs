//! Digests for a container that the allowlist does not have.

use hallpass_document::Code;

use crate::rule::{Effect, FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "stray-digest",
    level: Level::Error,
    summary: "Digests are for no container of the allowlist",
    rationale: "`containerName` is the name of an entry of `containers` or `initContainers`, not of the workload's container. \
                GKE ignores digests under any other name, so images with those digests are denied.",
    bad: allowlist!(
        "
    image: registry.example/acme/agent
containerImageDigests:
- containerName: agents
  imageDigests:
  - 92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d
"
    ),
    good: allowlist!(
        "
    image: registry.example/acme/agent
containerImageDigests:
- containerName: agent
  imageDigests:
  - 92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d
"
    ),
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Reading(Code::StrayDigests),
};
