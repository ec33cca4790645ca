//! Errors that `hallpass test` reports when it reads a test file.

use crate::rule::{FoundBy, Level, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "invalid-test",
    level: Level::Error,
    summary: "A test file is invalid",
    rationale: "`hallpass test` refuses the file. `hallpass lint` reports the same without running a test. The schema of test \
                files is printed by `hallpass schema test`.",
    bad: "\
apiVersion: hallpass.dev/v1alpha1
kind: Test
spec:
  tests:
  - name: the agent is exempted
    workload:
      file: agent.yaml
    expect:
      verdict: exempt
",
    good: "\
apiVersion: hallpass.dev/v1alpha1
kind: Test
spec:
  tests:
  - name: the agent is exempted
    workload:
      file: agent.yaml
    expect:
      verdict: exempted
",
    fix: None,
    found_by: FoundBy::Program,
};
