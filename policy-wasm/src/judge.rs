//! Evaluates all workloads in a document. Shared by all front ends and engines.

use crate::allowlist::AllowlistSet;
use crate::decision::Decision;
use crate::{Options, decide};
use hallpass_document::{Diagnostic, Value};
use hallpass_workload::Workload;
use hallpass_workload::WorkloadKind;
use hallpass_workload::{Manifest, Role, manifests};

/// The result for a document. Paths are JSON pointers from its root.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// The workloads, in file order.
    pub workloads: Vec<Judged>,
    /// Why objects in it could not be evaluated.
    pub faults: Vec<Diagnostic>,
    /// The number of objects whose kind contains no Pods.
    pub skipped: usize,
}

/// A workload and its decision.
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
    /// Fields that Kubernetes drops and that look like typos, and what the API server refuses in addition to the rules.
    pub warnings: Vec<Diagnostic>,
    /// The decision.
    pub decision: Decision,
}

/// Evaluates every workload in a document. Errors in one object do not affect the others.
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
) -> Result<Judged, Vec<Diagnostic>> {
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
