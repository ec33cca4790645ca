//! Decides in which order policies and bindings are written and deleted. Pure: no clock, no network.
//!
//! A property test checks one invariant: once a cluster has policies, it never admits a workload that neither the old nor the
//! new policies admit. Kubernetes has no transactions, and the controller may stop after any write.

use std::collections::BTreeSet;

use hallpass_compile::Policy;
use serde_json::Value;

use super::kind::Kind;

/// The names of our objects in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// ValidatingAdmissionPolicies
    pub policies: BTreeSet<String>,
    /// ValidatingAdmissionPolicyBindings
    pub bindings: BTreeSet<String>,
}

/// A write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step<'p> {
    /// Create or replace an object.
    Put(Kind, &'p Value),
    /// Delete the object with this name.
    Delete(Kind, &'p str),
}

/// Consecutive writes. If one fails, the rest of the sequence is skipped.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence<'p> {
    /// The policy to which the writes belong.
    pub policy: &'p str,
    /// The writes.
    pub steps: Vec<Step<'p>>,
}

/// Returns the stages of the writes. The sequences of a stage do not depend on each other. A stage must be complete, and the
/// API servers must have read its objects, before the next one begins.
///
/// 1. The policies of single allowlists: the last policy still applies to workloads with their labels, too.
/// 2. The last policy, which applies to all other workloads.
/// 3. Objects that are no longer needed: the last policy now applies to their workloads.
#[must_use]
pub fn stages<'p>(policies: &'p [Policy], existing: &'p Existing) -> [Vec<Sequence<'p>>; 3] {
    let (last, others) = match policies.split_last() {
        Some((last, others)) => (vec![put(last)], others),
        None => (Vec::new(), policies),
    };
    let kept: BTreeSet<&str> = policies.iter().map(|policy| policy.name.as_str()).collect();
    let kept_bindings: BTreeSet<&str> =
        policies.iter().flat_map(|policy| &policy.bindings).filter_map(name).collect();
    let removal = |kind, name: &'p str| Sequence { policy: name, steps: vec![Step::Delete(kind, name)] };
    let unneeded = |existing: &'p BTreeSet<String>, kept: &BTreeSet<&str>| -> Vec<&'p str> {
        existing.iter().map(String::as_str).filter(|name| !kept.contains(name)).collect()
    };
    let bindings = unneeded(&existing.bindings, &kept_bindings);
    let removals = bindings.into_iter().map(|name| removal(Kind::Binding, name));
    let policies = unneeded(&existing.policies, &kept);
    let removals = removals.chain(policies.into_iter().map(|name| removal(Kind::Policy, name)));
    [others.iter().map(put).collect(), last, removals.collect()]
}

/// Writes a policy before its bindings, which have no effect without it.
fn put(policy: &Policy) -> Sequence<'_> {
    let bindings = policy.bindings.iter().map(|binding| Step::Put(Kind::Binding, binding));
    Sequence {
        policy: &policy.name,
        steps: std::iter::once(Step::Put(Kind::Policy, &policy.policy)).chain(bindings).collect(),
    }
}

/// Returns `metadata.name`.
pub(super) fn name(object: &Value) -> Option<&str> {
    object.pointer("/metadata/name")?.as_str()
}
