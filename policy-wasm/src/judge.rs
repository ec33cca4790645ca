//! A whole document: every workload in it decided. What all front ends and engines share.

use crate::allowlist::AllowlistSet;
use crate::decision::Decision;
use crate::manifest::{Manifest, Role, manifests};
use crate::workload::{Workload, WorkloadKind};
use crate::{Options, decide};
use hallpass_document::{Fault, Value};

/// What came of one document. Paths are JSON pointers from its root.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// The workloads, in file order.
    pub workloads: Vec<Judged>,
    /// Why objects in it could not be judged.
    pub faults: Vec<Fault>,
    /// How many objects are of kinds that hold no Pods.
    pub skipped: usize,
}

/// One workload and its decision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// JSON pointer to the object.
    pub path: String,
    /// Its kind.
    pub kind: WorkloadKind,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its name, or the prefix of the name to be generated.
    pub name: Option<String>,
    /// Fields that Kubernetes drops and that look like typos, and what the API server refuses beside the rules.
    pub warnings: Vec<Fault>,
    /// Whether it may run.
    pub decision: Decision,
}

/// Judges every workload in a document. What is wrong with one object does not stop the others.
#[must_use]
pub fn judge<'v>(root: &'v Value<'v>, allowlists: &AllowlistSet<'_>, options: &Options<'_>) -> Judgement {
    let (found, faults) = manifests(root);
    let mut judgement = Judgement { faults, ..Judgement::default() };
    for manifest in &found {
        match manifest.role() {
            Ok(Role::Workload(kind)) => match judge_one(manifest, kind, allowlists, options) {
                Ok(judged) => judgement.workloads.push(judged),
                Err(faults) => judgement.faults.extend(faults),
            },
            Ok(Role::Allowlist | Role::Other) => judgement.skipped += 1,
            Err(fault) => judgement.faults.push(fault),
        }
    }
    judgement
}

fn judge_one(
    manifest: &Manifest<'_>,
    kind: WorkloadKind,
    allowlists: &AllowlistSet<'_>,
    options: &Options<'_>,
) -> Result<Judged, Vec<Fault>> {
    let read = Workload::read(manifest, kind)?;
    let decision = decide(&read.workload, allowlists, options);
    Ok(Judged {
        path: read.workload.pointer,
        kind,
        namespace: read.workload.namespace.map(|namespace| namespace.name.to_owned()),
        name: read.workload.name.map(str::to_owned),
        warnings: read.warnings,
        decision,
    })
}
