//! Errors that `hallpass render` reports when it reads a fleet.

use crate::rule::{FoundBy, Level, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "invalid-fleet",
    level: Level::Error,
    summary: "A fleet is invalid",
    rationale: "`hallpass render` refuses the fleet, or warns about it. `hallpass lint` reports the same, so that one command \
                checks all files of a repository. The schema of fleets is printed by `hallpass schema fleet`.",
    bad: "\
apiVersion: hallpass.dev/v1alpha1
kind: Fleet
metadata:
  name: platform
spec:
  clusters: []
",
    good: "\
apiVersion: hallpass.dev/v1alpha1
kind: Fleet
metadata:
  name: platform
spec:
  clusters:
  - name: prod
",
    fix: None,
    found_by: FoundBy::Program,
};
