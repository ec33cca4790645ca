//! W2: what controllers add to the Pods of a template, as far as a rule reads it.

use std::collections::BTreeSet;

use super::container::nameless;
use super::shape::{CLAIM_TEMPLATE, JOB_SPEC, METADATA, OBJECT, STATEFUL_SET_SPEC};
use super::{Volume, VolumeSource};
use crate::kind::WorkloadKind;
use hallpass_document::{At, Diagnostics, Value};

/// The variable that contains the index of an indexed Job's Pod.
pub const COMPLETION_INDEX: &str = "JOB_COMPLETION_INDEX";

/// The additions by the controller of a workload.
#[derive(Default)]
pub(super) struct Added<'v> {
    /// A volume per claim template of a `StatefulSet`.
    pub(super) claims: Vec<Volume<'v>>,
    /// JSON pointer to the field because of which each container of a Job gets the variable [`COMPLETION_INDEX`].
    pub(super) completion_index: Option<String>,
}

impl<'v> Added<'v> {
    /// Reads a field next to the Pod template.
    pub(super) fn read_field(
        &mut self,
        kind: WorkloadKind,
        (key, value): (&str, &'v Value<'v>),
        at: &At<'_>,
        faults: &mut Diagnostics,
    ) {
        match (kind, key) {
            (WorkloadKind::StatefulSet, "volumeClaimTemplates") => self.read_claims(value, at, faults),
            (WorkloadKind::StatefulSet, _) => STATEFUL_SET_SPEC.unread(key, at, faults),
            (WorkloadKind::Job | WorkloadKind::CronJob, "completionMode") => {
                if faults.string(value, at) == Some("Indexed") {
                    self.completion_index = Some(at.pointer());
                }
            }
            (WorkloadKind::Job | WorkloadKind::CronJob, _) => JOB_SPEC.unread(key, at, faults),
            _ => OBJECT.unread(key, at, faults),
        }
    }

    fn read_claims(&mut self, value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) {
        let mut seen = BTreeSet::new();
        for (index, item) in faults.list(value, at).iter().enumerate() {
            let at = at.index(index);
            let metadata_at = at.key("metadata");
            let mut name = "";
            for (key, value) in faults.map_item(item, &at) {
                if key != "metadata" {
                    CLAIM_TEMPLATE.unread(key, &at.key(key), faults);
                    continue;
                }
                for (key, value) in faults.map(value, &metadata_at) {
                    let at = metadata_at.key(key);
                    match &**key {
                        "name" => name = faults.string(value, &at).unwrap_or_default(),
                        _ => METADATA.unread(key, &at, faults),
                    }
                }
            }
            if name.is_empty() {
                nameless("claim template", &metadata_at, faults);
            }
            // The controller identifies templates by name: it creates one volume for several templates with the same
            // name.
            if seen.insert(name) {
                self.claims.push(Volume {
                    index,
                    name,
                    volume_type: "persistentVolumeClaim",
                    source: VolumeSource::Claim { read_only: false },
                    of_claim_template: true,
                });
            }
        }
    }
}
