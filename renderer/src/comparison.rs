//! What a change of a fleet means for its clusters.
//!
//! Fields are compared as they are written, so that a new field of a fleet needs no code here. Only the paths of
//! synchronizers are compared for the whole cluster: a path that another synchronizer installs now is neither gained nor
//! lost.

mod entries;
mod fields;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Fleet;
use entries::{Entries, entries};

/// The differences between two fleets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Clusters with equal changes, in the order of their first names.
    pub groups: Vec<Group>,
    /// The number of clusters in both fleets together.
    pub clusters: usize,
}

/// Clusters that change in the same way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Their names, sorted.
    pub clusters: Vec<String>,
    /// Whether they are in both fleets.
    pub presence: Presence,
    /// The changes, what is installed first.
    pub changes: Vec<Change>,
}

/// In which of the fleets a cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Presence {
    /// Only in the new one.
    Added,
    /// Only in the old one.
    Removed,
    /// In both.
    Both,
}

/// A change on a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// What changes.
    pub subject: Subject,
    /// The name of the path, synchronizer, workload or policy; absent for subjects that a cluster has once.
    pub name: Option<String>,
    /// The field of the subject, such as `chart.version`; absent if the whole subject is added or removed.
    pub field: Option<String>,
    /// The value or list item before; absent if there was none.
    pub old: Option<String>,
    /// The value or list item after; absent if it was removed.
    pub new: Option<String>,
}

/// What changes on a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// A path that a synchronizer installs. The value is the synchronizer's name.
    AllowlistPath,
    /// Other fields of a synchronizer.
    Synchronizer,
    /// A workload.
    Workload,
    /// The policy for synchronizers.
    Policy,
    /// The policy of hallpass in Kubewarden.
    Kubewarden,
    /// The policies that evaluate workloads.
    Cel,
    /// The controller that installs allowlists.
    Controller,
    /// The tool that applies the manifests.
    Delivery,
    /// The cluster's own fields, such as its version.
    Cluster,
}

/// Compares two fleets, cluster by cluster. Clusters are the same if their names are.
#[must_use]
pub fn compare(old: &Fleet, new: &Fleet) -> Comparison {
    // All names of rendered objects contain it.
    let renamed = (old.name != new.name).then(|| Change {
        subject: Subject::Cluster,
        name: None,
        field: Some("fleet".to_owned()),
        old: Some(old.name.clone()),
        new: Some(new.name.clone()),
    });
    let (old, new) = (entries(old), entries(new));
    let mut clusters: BTreeMap<&str, (Option<&Entries>, Option<&Entries>)> = BTreeMap::new();
    for (name, entries) in &old {
        clusters.entry(name).or_default().0 = Some(entries);
    }
    for (name, entries) in &new {
        clusters.entry(name).or_default().1 = Some(entries);
    }
    let mut groups: Vec<Group> = Vec::new();
    let none = Entries::new();
    for (name, (old, new)) in &clusters {
        let presence = match (old, new) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Both,
        };
        let mut changes = entries::changes(old.unwrap_or(&none), new.unwrap_or(&none));
        changes.extend(renamed.clone().filter(|_| presence == Presence::Both));
        if changes.is_empty() && presence == Presence::Both {
            continue;
        }
        match groups.iter_mut().find(|group| group.presence == presence && group.changes == changes) {
            Some(group) => group.clusters.push((*name).to_owned()),
            None => groups.push(Group { clusters: vec![(*name).to_owned()], presence, changes }),
        }
    }
    Comparison { groups, clusters: clusters.len() }
}
