//! Writes policies in the order of [`plan`](super::plan).

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt as _;
use hallpass_compile::Policy;

use super::compilation::allowlist;
use super::kind::Kind;
use super::objects::{Fault, Objects};
use super::plan::{Sequence, Step, stages};
use super::settings::NAME;
use crate::metrics::Metrics;

/// How long API servers need to see a changed policy. They look for changes once a second.
const SETTLED: Duration = Duration::from_secs(2);

/// How many policies are written at the same time.
const WRITES: usize = 4;

/// The reason why a plan was not carried out.
pub(super) enum Failure {
    /// The policies of these allowlists are refused, for these reasons.
    Allowlists(BTreeMap<String, String>),
    /// The last policy is refused.
    Last(String),
    /// Any other error, which may pass.
    Other(String),
}

impl Objects {
    /// Writes the objects that differ, stage by stage.
    ///
    /// # Errors
    /// The reason why the plan was not carried out. The policies in force stay.
    pub(super) async fn carry_out(&self, policies: &[Policy], metrics: &Metrics) -> Result<(), Failure> {
        let existing = self.existing();
        for stage in stages(policies, &existing) {
            let sequences: Vec<_> = stage.iter().map(|sequence| self.write(sequence, metrics)).collect();
            let results: Vec<_> = futures::stream::iter(sequences).buffered(WRITES).collect().await;
            let (mut changed, mut refused, mut failure) = (false, BTreeMap::new(), None);
            for (sequence, result) in stage.iter().zip(results) {
                match result.map_err(|fault| Failure::of(fault, sequence.policy)) {
                    Ok(written) => changed |= written,
                    Err(Failure::Allowlists(one)) => refused.extend(one),
                    Err(other) => failure = Some(other),
                }
            }
            // Also after a failure: the next try finds these objects unchanged, and continues with the next stage.
            if changed {
                tokio::time::sleep(SETTLED).await;
            }
            if let Some(failure) = failure {
                return Err(failure);
            }
            if !refused.is_empty() {
                return Err(Failure::Allowlists(refused));
            }
        }
        Ok(())
    }

    /// Makes the writes of a sequence. Returns whether an object was changed.
    async fn write(&self, sequence: &Sequence<'_>, metrics: &Metrics) -> Result<bool, Fault> {
        let mut changed = false;
        for step in &sequence.steps {
            let written = match step {
                Step::Put(kind, object) => self.put(*kind, object).await?,
                Step::Delete(kind, name) => self.delete(*kind, name).await?,
            };
            if written {
                metrics.policy_written();
            }
            changed |= written;
        }
        Ok(changed)
    }

    /// Writes the bindings that differ, and no policy.
    ///
    /// # Errors
    /// The reason why a binding could not be written.
    pub(super) async fn bind(&self, policies: &[Policy]) -> Result<(), Failure> {
        for binding in policies.iter().flat_map(|policy| &policy.bindings) {
            self.put(Kind::Binding, binding).await.map_err(|fault| Failure::of(fault, NAME))?;
        }
        Ok(())
    }
}

impl Failure {
    /// Converts the error of writing a policy or its binding.
    fn of(fault: Fault, policy: &str) -> Self {
        match (fault, allowlist(policy)) {
            (Fault::Refused(message), Some(allowlist)) => {
                Failure::Allowlists([(allowlist.to_owned(), message)].into())
            }
            (Fault::Refused(message), None) => Failure::Last(message),
            (Fault::Failed(message), _) => Failure::Other(message),
        }
    }

    /// Returns the message.
    pub(super) fn message(self) -> String {
        match self {
            Failure::Allowlists(refused) => refused.into_values().collect::<Vec<_>>().join("; "),
            Failure::Last(message) | Failure::Other(message) => message,
        }
    }
}
