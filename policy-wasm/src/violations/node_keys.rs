//! C6: `nodeSelector` and node affinity may use only the label keys of the profile; one violation per key.

use std::collections::BTreeSet;

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use crate::profile::{NodeKeys, Profile, listed};
use hallpass_document::sorted;
use hallpass_workload::{NodeKey, NodeKeySource, Workload};

/// Domains whose labels GKE or Kubernetes set. They never separate workloads, whatever the tolerations are.
const RESERVED: [&str; 4] = ["gke.io", "google.com", "k8s.io", "kubernetes.io"];

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let keys = &profile.node_keys;
    let tolerated = Tolerated::of(workload);
    for node_key in &workload.node_keys {
        let key = node_key.key;
        if listed(&keys.assumed, key) {
            found.assumed(
                Rule::C6,
                format!(
                    "node label key `{key}` is accepted: Google's samples for Autopilot use it, and GKE's further \
                     requirements are not evaluated"
                ),
            );
            continue;
        }
        if listed(&keys.allowed, key) {
            continue;
        }
        let may_separate = !is_reserved(key) && !listed(&keys.refused, key);
        match tolerated.separation(node_key).filter(|_| may_separate) {
            Some(Separation::Documented) => continue,
            Some(Separation::Likely) => {
                found.assumed(
                    Rule::C6,
                    format!(
                        "node label key `{key}` is accepted as workload separation: Google documents it for a node \
                         selector and a toleration with `operator: Equal`"
                    ),
                );
                continue;
            }
            None => {}
        }
        let constraint = Constraint::NodeAffinitySelectorLimitation;
        found.violated_by_key(constraint, node_key, message(node_key, keys));
        if !listed(&keys.refused, key) {
            found.assumed(
                Rule::C6,
                format!(
                    "node label key `{key}` is refused: only a part of GKE's list of allowed keys is public"
                ),
            );
        }
    }
}

fn message(node_key: &NodeKey<'_>, keys: &NodeKeys) -> String {
    let key = node_key.key;
    let allowed = keys.allowed.join(",");
    match node_key.source {
        NodeKeySource::Selector => {
            let end = if keys.partial { ",..." } else { "." };
            format!(
                "Key '{key}' is not allowed with node selector; Autopilot only allows labels with keys: {allowed}{end}"
            )
        }
        NodeKeySource::Required | NodeKeySource::Preferred => {
            let end = if keys.partial { ",..." } else { "'." };
            format!(
                "If not using workload separation, node affinity is not allowed on labels with keys: '{key}'; Autopilot \
                 only allows labels with keys: '{allowed}{end}"
            )
        }
    }
}

/// Whether the key's domain, the part before the `/`, is a reserved domain or a subdomain of one.
fn is_reserved(key: &str) -> bool {
    let Some((domain, _)) = key.split_once('/') else { return false };
    let domain = domain.to_ascii_lowercase();
    RESERVED.iter().any(|reserved| {
        domain.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// How a workload requests dedicated nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separation {
    /// As documented by Google.
    Documented,
    /// In a way that is equivalent in Kubernetes.
    Likely,
}

/// The taints that a workload tolerates, as far as they can reserve nodes.
struct Tolerated<'v> {
    /// Keys with values.
    values: Vec<(&'v str, &'v str)>,
    keys: BTreeSet<&'v str>,
}

impl<'v> Tolerated<'v> {
    fn of(workload: &Workload<'v>) -> Self {
        let mut tolerated = Tolerated { values: Vec::new(), keys: BTreeSet::new() };
        let keeps_off = workload.tolerations.iter().filter(|toleration| {
            matches!(toleration.effect, "NoSchedule" | "NoExecute") && !toleration.key.is_empty()
        });
        for toleration in keeps_off {
            match (toleration.operator, toleration.value) {
                ("" | "Equal", value) if !value.is_empty() => {
                    tolerated.values.push((toleration.key, value));
                }
                ("Exists", "") => {
                    tolerated.keys.insert(toleration.key);
                }
                _ => {}
            }
        }
        tolerated.values = sorted(tolerated.values);
        tolerated
    }

    fn separation(&self, node_key: &NodeKey<'v>) -> Option<Separation> {
        let is_exact = |value: &&str| self.values.binary_search(&(node_key.key, *value)).is_ok();
        let is_any = self.keys.contains(node_key.key);
        let named = !node_key.values.is_empty() && node_key.values.iter().all(|value| !value.is_empty());
        if !named || !node_key.values.iter().all(|value| is_any || is_exact(value)) {
            return None;
        }
        match node_key.source {
            NodeKeySource::Selector if node_key.values.iter().all(is_exact) => Some(Separation::Documented),
            NodeKeySource::Selector | NodeKeySource::Required => Some(Separation::Likely),
            NodeKeySource::Preferred => None,
        }
    }
}
