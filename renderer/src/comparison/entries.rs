//! The entries of a fleet that apply to each cluster.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::fields::{self, shown};
use super::{Change, Subject};
use crate::Fleet;
use crate::fleet::{Plan, plans};

/// The entries of one cluster, by subject and name.
pub(super) type Entries = BTreeMap<(Subject, Option<String>), Value>;

/// Returns the entries of each cluster, by the name of the cluster.
pub(super) fn entries(fleet: &Fleet) -> BTreeMap<String, Entries> {
    let of = |(index, plan): (usize, Plan<'_>)| (plan.cluster.name.clone(), of_cluster(fleet, index, &plan));
    plans(fleet).into_iter().enumerate().map(of).collect()
}

fn of_cluster(fleet: &Fleet, index: usize, plan: &Plan<'_>) -> Entries {
    let mut entries = Entries::new();
    let mut add = |subject, list: &str, index: usize, without: &[&str]| {
        let written = fleet.written.get(list).and_then(|list| list.get(index));
        let mut fields = written.and_then(Value::as_object).cloned().unwrap_or_default();
        let name = fields.remove("name").and_then(|name| name.as_str().map(str::to_owned));
        for field in without {
            fields.remove(*field);
        }
        let name = name.filter(|_| subject != Subject::Cluster);
        entries.insert((subject, name), Value::Object(fields));
    };
    // Labels only select: their effect is in the other entries.
    add(Subject::Cluster, "clusters", index, &["labels"]);
    for (index, _) in &plan.synchronizers {
        let fields = ["clusters", "allowlistPaths", "bucketName", "projectNumber"];
        add(Subject::Synchronizer, "synchronizers", *index, &fields);
    }
    for (index, _) in &plan.workloads {
        add(Subject::Workload, "workloads", *index, &["clusters"]);
    }
    for (index, _) in &plan.policies {
        add(Subject::Policy, "policies", *index, &["clusters"]);
    }
    for (index, _) in &plan.kubewarden {
        add(Subject::Kubewarden, "kubewarden", *index, &["clusters"]);
    }
    for (index, _) in &plan.cel {
        add(Subject::Cel, "cel", *index, &["clusters"]);
    }
    for (index, _) in &plan.controllers {
        add(Subject::Controller, "controller", *index, &["clusters"]);
    }
    for (index, _) in &plan.deliveries {
        add(Subject::Delivery, "delivery", *index, &["clusters"]);
    }
    let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (_, synchronizer) in &plan.synchronizers {
        for path in &synchronizer.allowlist_paths {
            let path = match (&synchronizer.bucket_name, synchronizer.project_number) {
                (Some(bucket), Some(project)) => format!("{path} of bucket {bucket} in project {project}"),
                _ => path.clone(),
            };
            owners.entry(path).or_default().insert(&synchronizer.name);
        }
    }
    for (path, owners) in owners {
        let owners = owners.into_iter().collect::<Vec<_>>().join(", ");
        entries.insert((Subject::AllowlistPath, Some(path)), owners.into());
    }
    entries
}

/// Returns the changes from one cluster to another.
pub(super) fn changes(old: &Entries, new: &Entries) -> Vec<Change> {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let (subject, name) = (key.0, &key.1);
        let change = |field, old, new| Change { subject, name: name.clone(), field, old, new };
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => {
                let add = |field: String, old, new| {
                    changes.push(change(Some(field).filter(|field| !field.is_empty()), old, new));
                };
                fields::compare(old, new, add);
            }
            // A synchronizer does nothing without paths: the paths say that it is new or gone.
            (old, new) if subject != Subject::Synchronizer => {
                changes.push(change(None, old.map(whole), new.map(whole)));
            }
            _ => {}
        }
    }
    changes
}

/// An entry in one line.
fn whole(entry: &Value) -> String {
    let mut leaves = Vec::new();
    fields::compare(&Value::Object(Map::new()), entry, |field, _, new| {
        leaves.push(format!("{field} {}", new.unwrap_or_default()));
    });
    match entry {
        Value::Object(_) => leaves.join(", "),
        other => shown(other),
    }
}
