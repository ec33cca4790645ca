//! What becomes of a step that cannot run: skipped on a developer's machine, failed in CI unless it is named there.

use std::str::FromStr;

use super::tally::Tally;
use crate::failure::{Failure, Result};

/// A step that CI may skip, and why: `STEP: REASON`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Optional {
    step: String,
    reason: String,
}

impl FromStr for Optional {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        match text.split_once(':').map(|(step, reason)| (step.trim(), reason.trim())) {
            Some((step, reason)) if !step.is_empty() && !reason.is_empty() => {
                Ok(Optional { step: step.to_owned(), reason: reason.to_owned() })
            }
            _ => Err("write the step's name, a colon, and the reason"),
        }
    }
}

/// How strict a run is about skipped steps.
#[derive(Debug)]
pub(super) struct Skips {
    ci: bool,
    optional: Vec<Optional>,
}

/// Steps that exist only where something is missing.
const SOMETIMES: [&str; 6] = ["public corpus", "RE2", "SARIF schema", "kubectl", "helm", "API server"];

impl Skips {
    /// # Errors
    /// When an optional step is none of `steps`: a typo would otherwise fail much later, or never.
    pub(super) fn new(optional: Vec<Optional>, steps: impl Iterator<Item = &'static str>) -> Result<Self> {
        let steps: Vec<&str> = steps.chain(SOMETIMES).collect();
        if let Some(unknown) = optional.iter().find(|optional| !steps.contains(&optional.step.as_str())) {
            return Err(Failure::new(format!("no step is named `{}`", unknown.step))
                .help(format!("the steps are {}", steps.join(", "))));
        }
        Ok(Skips { ci: std::env::var_os("CI").is_some_and(|ci| ci == "true"), optional })
    }

    /// Reports a step that cannot run, and counts it.
    pub(super) fn judge(&self, step: &str, missing: &str) -> Tally {
        let optional = self.optional.iter().find(|optional| optional.step == step);
        match optional {
            Some(Optional { reason, .. }) => println!("skipped: {missing}; optional, as {reason}"),
            None if self.ci => println!("failed: {missing}, and CI skips only what is optional"),
            None => println!("skipped: {missing}"),
        }
        if self.ci && optional.is_none() { Tally::one(false) } else { Tally::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skips(ci: bool) -> Skips {
        Skips { ci, optional: vec!["kubectl: it is not packaged".parse().unwrap()] }
    }

    #[test]
    fn only_ci_fails_for_a_skipped_step_and_not_for_an_optional_one() {
        assert_eq!(skips(true).judge("RE2", "not found"), Tally::one(false));
        assert_eq!(skips(true).judge("kubectl", "not found"), Tally::default());
        assert_eq!(skips(false).judge("RE2", "not found"), Tally::default());
    }

    #[test]
    fn an_optional_step_has_a_name_that_exists_and_a_reason() {
        for text in ["", "kubectl", "kubectl:", ": why", "kubectl: "] {
            assert!(text.parse::<Optional>().is_err(), "{text}");
        }
        let kubectl: Optional = "kubectl: why".parse().unwrap();
        assert!(Skips::new(vec![kubectl], std::iter::empty()).is_ok());
        let failure = Skips::new(vec!["kubctl: why".parse().unwrap()], ["format"].into_iter()).unwrap_err();
        assert!(failure.to_string().contains("no step is named `kubctl`"), "{failure}");
    }
}
