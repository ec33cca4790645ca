//! Updates that change nothing a rule reads.

use std::collections::BTreeMap;

use super::app_armor::APP_ARMOR_ANNOTATION;
use super::host_ports::HOST_PORT_ANNOTATION;
use super::read::MATCHING_LABEL;
use crate::kind::WorkloadKind;
use hallpass_document::Value;

/// Whether two versions of an object differ in nothing that a rule reads: neither in the Pod spec nor in labels and
/// annotations.
#[must_use]
pub fn is_unchanged(new: &Value<'_>, old: &Value<'_>, kind: WorkloadKind) -> bool {
    let (Some(template), Some(old_template)) = (template(new, kind), template(old, kind)) else {
        return false;
    };
    template.get("spec") == old_template.get("spec")
        && ADDS.iter().all(|field| controller(new, field, kind) == controller(old, field, kind))
        && [(new, old), (template, old_template)].into_iter().all(|(new, old)| {
            same(new, old, "labels", |key| key == MATCHING_LABEL)
                && same(new, old, "annotations", |key| {
                    key == HOST_PORT_ANNOTATION || key.starts_with(APP_ARMOR_ANNOTATION)
                })
        })
}

/// The fields because of which a controller adds something to its Pods (rule W2).
const ADDS: [&str; 2] = ["volumeClaimTemplates", "completionMode"];

/// Returns a field next to the Pod template.
fn controller<'v, 'a>(object: &'v Value<'a>, field: &str, kind: WorkloadKind) -> Option<&'v Value<'a>> {
    let (_, holder) = kind.template().split_last()?;
    holder.iter().try_fold(object, |value, key| value.get(key))?.get(field)
}

fn template<'v, 'a>(object: &'v Value<'a>, kind: WorkloadKind) -> Option<&'v Value<'a>> {
    kind.template().iter().try_fold(object, |value, key| value.get(key))
}

/// Whether two objects have the same entries in a map of their metadata, as far as a rule reads them.
fn same(new: &Value<'_>, old: &Value<'_>, map: &str, is_read: impl Fn(&str) -> bool) -> bool {
    let entries = |object| -> BTreeMap<&str, &Value<'_>> {
        let Some(Value::Map(entries)) = metadata(object, map) else { return BTreeMap::new() };
        entries.iter().map(|(key, value)| (&**key, value)).filter(|(key, _)| is_read(key)).collect()
    };
    entries(new) == entries(old)
}

/// Returns a map of an object's metadata.
fn metadata<'v, 'a>(object: &'v Value<'a>, map: &str) -> Option<&'v Value<'a>> {
    object.get("metadata")?.get(map)
}
