//! The rules without code: their findings come from the decision, which reads allowlists, from the comments that suppress
//! findings, and from the programs that read other files.

use hallpass_document::Code;

use crate::example::{agent, argument, digest, exempting, image, named};
use crate::rule::{Effect, FoundBy, Level, Rule};

/// An error that makes an object unusable and that no other rule covers.
pub(crate) static INVALID_OBJECT: Rule = Rule {
    id: "invalid-object",
    level: Level::Error,
    summary: "A cluster would not accept the object",
    rationale: "A value has the wrong type, or a required field is missing. GKE would refuse the object, so nothing is \
                exempted by it.",
    example: exempting,
    bad: " autogke-disallow-hostnamespaces",
    good: "
- autogke-disallow-hostnamespaces",
    fix: None,
    found_by: FoundBy::Reading(Code::Other),
};

/// An `apiVersion` or a kind that no cluster serves.
pub(crate) static WRONG_API_VERSION: Rule = Rule {
    id: "wrong-api-version",
    level: Level::Error,
    summary: "No cluster serves the object's `apiVersion` or `kind`",
    rationale: "Allowlists and synchronizers are served as `auto.gke.io/v1` only. A cluster refuses any other version or kind, \
                so the object never takes effect.",
    example: |version| agent("").replace("auto.gke.io/v1", version),
    bad: "autopilot.gke.io/v1",
    good: "auto.gke.io/v1",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Reading(Code::ApiVersion),
};

/// Criteria under `spec`.
pub(crate) static SPEC_FIELD: Rule = Rule {
    id: "spec-field",
    level: Level::Error,
    summary: "An allowlist has a `spec`",
    rationale: "Unlike most objects, a `WorkloadAllowlist` has its fields at the top level, next to `metadata`. GKE drops a \
                `spec` with everything in it.",
    example: |fields| {
        format!(
            "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata:\n  name: acme-agent-v1\n{fields}"
        )
    },
    bad: "\
spec:
  exemptions:
  - autogke-disallow-hostnamespaces
  matchingCriteria:
    hostPID: true
    containers:
    - name: agent
      image: registry.example/acme/agent
",
    good: "\
exemptions:
- autogke-disallow-hostnamespaces
matchingCriteria:
  hostPID: true
  containers:
  - name: agent
    image: registry.example/acme/agent
",
    fix: None,
    found_by: FoundBy::Reading(Code::SpecField),
};

/// A field that GKE drops.
pub(crate) static UNKNOWN_FIELD: Rule = Rule {
    id: "unknown-field",
    level: Level::Error,
    summary: "A field does not exist",
    rationale: "The API server drops fields that the object's CRD does not have. The allowlist then is without the criterion, \
                and usually matches nothing: here, no workload with an argument.",
    example: agent,
    bad: "    arg:
    - --level=info
",
    good: "    args:
    - --level=info
",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Reading(Code::UnknownField),
};

/// A `minGKEVersion` that is not a version.
pub(crate) static INVALID_MIN_GKE_VERSION: Rule = Rule {
    id: "invalid-min-gke-version",
    level: Level::Error,
    summary: "`minGKEVersion` is not a version of GKE",
    rationale: "`minGKEVersion` is a version of GKE, such as `1.32.2-gke.1652000`, `1.32.2` or `1.32`. hallpass assumes that GKE \
                does not use an allowlist with any other text.",
    example: named,
    bad: "acme-agent-v1
minGKEVersion: v1.32",
    good: "acme-agent-v1
minGKEVersion: 1.32.2-gke.1652000",
    fix: None,
    found_by: FoundBy::Reading(Code::GkeVersion),
};

/// An exemption from a constraint that does not exist.
pub(crate) static UNKNOWN_EXEMPTION: Rule = Rule {
    id: "unknown-exemption",
    level: Level::Error,
    summary: "An exemption has no effect",
    rationale: "`exemptions` lists names of Autopilot's constraints, and an allowlist can exempt from seven of them. A workload \
                that violates another one, or one that is misspelled here, is denied.",
    example: exempting,
    bad: "
- autogke-disallow-hostnamespaces
- autogke-no-hostport",
    good: "
- autogke-disallow-hostnamespaces
- autogke-no-host-port",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Reading(Code::Exemption),
};

/// A pattern that RE2 refuses.
pub(crate) static INVALID_PATTERN: Rule = Rule {
    id: "invalid-pattern",
    level: Level::Error,
    summary: "A pattern is not valid RE2",
    rationale: "A text that starts with `^` and ends with `$` is an RE2 pattern. RE2 has no look-around and no backreferences, \
                and its repetitions end at 1000. hallpass assumes that GKE does not use an allowlist with any other pattern.",
    example: argument,
    bad: "^--level=(?!debug).*$",
    good: "^--level=(info|warning)$",
    fix: None,
    found_by: FoundBy::Reading(Code::Pattern),
};

/// A digest that no image can have.
pub(crate) static INVALID_DIGEST: Rule = Rule {
    id: "invalid-digest",
    level: Level::Error,
    summary: "A digest is malformed",
    rationale: "A digest under `containerImageDigests` has 64 hex digits: the text after `sha256:` in the reference of an \
                image. No image has a shorter one.",
    example: digest,
    bad: "92068f05ef629d16fb52e4f5c6cbb29c",
    good: "92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d",
    fix: None,
    found_by: FoundBy::Reading(Code::Digest),
};

/// Digests for a container that the allowlist does not have.
pub(crate) static STRAY_DIGEST: Rule = Rule {
    id: "stray-digest",
    level: Level::Error,
    summary: "Digests are for no container of the allowlist",
    rationale: "`containerName` is the name of an entry of `containers` or `initContainers`, not of the workload's container. \
                GKE ignores digests under any other name, so images with those digests are denied.",
    example: |container| {
        agent(&format!(
            "\
containerImageDigests:
- containerName: {container}
  imageDigests:
  - 92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d
"
        ))
    },
    bad: "agents",
    good: "agent",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Reading(Code::StrayDigests),
};

/// A comment that suppresses nothing.
pub(crate) static SUPPRESSION: Rule = Rule {
    id: "suppression",
    level: Level::Warning,
    summary: "A comment that suppresses findings is invalid, or covers none",
    rationale: "A comment `# hallpass: allow RULE: REASON` covers the findings of these rules on its line, or, alone on a \
                line, on the next one. One with a typo covers nothing, and one that is no longer needed hides the next mistake.",
    example: image,
    bad: "registry.example/acme/agent # hallpass: allow any-image: mirrors have other names",
    good: "registry.example/acme/agent",
    fix: None,
    found_by: FoundBy::Comment,
};

/// Errors that `hallpass render` reports when it reads a fleet.
pub static INVALID_FLEET: Rule = Rule {
    id: "invalid-fleet",
    level: Level::Error,
    summary: "A fleet is invalid",
    rationale: "`hallpass render` refuses the fleet, or warns about it. `hallpass lint` reports the same, so that one command \
                checks all files of a repository. The schema of fleets is printed by `hallpass schema fleet`.",
    example: |clusters| {
        format!(
            "\
apiVersion: hallpass.dev/v1alpha1
kind: Fleet
metadata:
  name: platform
spec:
  clusters:{clusters}
"
        )
    },
    bad: " []",
    good: "
  - name: prod",
    fix: None,
    found_by: FoundBy::Program,
};

/// Errors that `hallpass test` reports when it reads a test file.
pub static INVALID_TEST: Rule = Rule {
    id: "invalid-test",
    level: Level::Error,
    summary: "A test file is invalid",
    rationale: "`hallpass test` refuses the file. `hallpass lint` reports the same without running a test. The schema of test \
                files is printed by `hallpass schema test`.",
    example: |verdict| {
        format!(
            "\
apiVersion: hallpass.dev/v1alpha1
kind: Test
spec:
  tests:
  - name: the agent is exempted
    workload:
      file: agent.yaml
    expect:
      verdict: {verdict}
"
        )
    },
    bad: "exempt",
    good: "exempted",
    fix: None,
    found_by: FoundBy::Program,
};
