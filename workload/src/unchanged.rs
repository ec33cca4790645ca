//! Updates that change nothing a rule reads.

use std::borrow::Cow;

use super::app_armor::APP_ARMOR_ANNOTATION;
use super::host_ports::HOST_PORT_ANNOTATION;
use super::read::MATCHING_LABEL;
use crate::kind::WorkloadKind;
use hallpass_document::{Value, sorted};

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
fn same<'v, 'a>(new: &'v Value<'a>, old: &'v Value<'a>, map: &str, is_read: impl Fn(&str) -> bool) -> bool {
    let (new, old) = (entries(new, map), entries(old, map));
    let read = |entries: &'v [(Cow<'a, str>, Value<'a>)]| -> Vec<(&'v str, usize)> {
        let keys = entries.iter().enumerate().map(|(place, (key, _))| (&**key, place));
        sorted(keys.filter(|(key, _)| is_read(key)).collect())
    };
    let (read_new, read_old) = (read(new), read(old));
    read_new.len() == read_old.len()
        && read_new
            .iter()
            .zip(&read_old)
            .all(|((_, place), (_, old_place))| new.get(*place) == old.get(*old_place))
}

/// Returns the entries of a map of an object's metadata.
fn entries<'v, 'a>(object: &'v Value<'a>, map: &str) -> &'v [(Cow<'a, str>, Value<'a>)] {
    match object.get("metadata").and_then(|metadata| metadata.get(map)) {
        Some(Value::Map(entries)) => entries,
        _ => &[],
    }
}
