//! A digest that no image can have.

use hallpass_document::Code;

use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "invalid-digest",
    level: Level::Error,
    summary: "A digest is malformed",
    rationale: "A digest under `containerImageDigests` has 64 hex digits: the text after `sha256:` in the reference of an \
                image. No image has a shorter one.",
    bad: allowlist!(
        "
    image: registry.example/acme/agent
containerImageDigests:
- containerName: agent
  imageDigests:
  - 92068f05ef629d16fb52e4f5c6cbb29c
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
    fix: None,
    found_by: FoundBy::Reading(Code::Digest),
};
