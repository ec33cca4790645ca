//! A workload and an allowlist that does not match it, for explanations beyond those of the decision.

use hallpass_document::Value;
use hallpass_policy::pattern::matcher;
use hallpass_policy::{Mismatch, Workload};
use hallpass_reader::Document;
use hallpass_workload::{Container, Volume};

use crate::pitfall::Pitfall;

/// The workload, and the document of the allowlist.
pub(crate) struct Pairing<'p, 'w> {
    pub(crate) workload: &'p Workload<'w>,
    pub(crate) document: &'p Document<'p>,
    /// JSON pointer to the allowlist in its document.
    pub(crate) root: &'p str,
}

impl Pairing<'_, '_> {
    /// Returns the value at a pointer from the allowlist.
    pub(crate) fn theirs(&self, pointer: &str) -> Option<&Value<'_>> {
        self.document.get(&format!("{}{pointer}", self.root)).filter(|value| !value.is_null())
    }

    /// Returns the items of a list of the allowlist.
    pub(crate) fn items(&self, list: &str) -> &[Value<'_>] {
        match self.theirs(list) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// Returns the container that contains a pointer from the workload's document, and the rest of the pointer.
    pub(crate) fn container<'m>(&self, path: &'m str) -> Option<(&Container<'_>, &'m str)> {
        let spec = &self.workload.spec_pointer;
        self.workload.containers.iter().find_map(|container| {
            let annotation = container.app_armor_annotation.as_ref().filter(|annotation| *annotation == path);
            let field = below(path, &container.pointer(spec)).or(annotation.map(|_| ""))?;
            Some((container, field))
        })
    }

    /// Whether an entry of the allowlist is for another container: neither the name nor the image is similar. An image
    /// with a digest could be any.
    pub(crate) fn is_foreign(&self, own: &str, container: &Container<'_>) -> bool {
        let text = |field: &str| self.theirs(&format!("{own}/{field}")).and_then(Value::as_str);
        let Some(path) = container.image.and_then(|image| image.matchable_path()) else { return false };
        let last = path.rsplit('/').next().unwrap_or_default();
        let is_alike =
            |image: &str| image.contains(last) || matcher([image]).is_ok_and(|matcher| matcher.matches(path));
        text("name") != Some(container.name) && !text("image").is_some_and(is_alike)
    }

    /// Returns the help for the author of the workload, in place of a useless one of the decision, which says how to make the
    /// workload equal to an entry for another container or with a pitfall.
    pub(crate) fn help(&self, mismatch: &Mismatch, pitfall: Option<&Pitfall>) -> Option<String> {
        if pitfall.is_some_and(|pitfall| pitfall.in_allowlist) {
            return Some("load a version of the allowlist that avoids this".to_owned());
        }
        let (container, _) = self.container(&mismatch.path)?;
        let own = entry_of(mismatch.allowlist_path.as_deref()?)?;
        let name = container.name;
        self.is_foreign(own, container)
            .then(|| format!("remove container `{name}`, or load a version of the allowlist that lists it"))
    }

    /// Returns the volume that contains a pointer from the workload's document.
    pub(crate) fn volume(&self, path: &str) -> Option<&Volume<'_>> {
        let workload = self.workload;
        workload.volumes.iter().find(|volume| below(path, &workload.volume_pointer(volume, "")).is_some())
    }
}

/// Returns the pointer to the allowlist's container that contains a pointer from the allowlist.
pub(crate) fn entry_of(pointer: &str) -> Option<&str> {
    let below = pointer.strip_prefix("/matchingCriteria/")?;
    let (list, rest) = below.split_once('/')?;
    let is_list = ["containers", "initContainers"].contains(&list);
    let index = rest.split('/').next().filter(|_| is_list)?;
    pointer.get(..pointer.len() - rest.len() + index.len())
}

/// Returns the rest of a pointer below another one.
pub(crate) fn below<'p>(pointer: &'p str, above: &str) -> Option<&'p str> {
    pointer.strip_prefix(above).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the index in a pointer such as `/args/3`.
pub(crate) fn index_of(field: &str) -> Option<usize> {
    field.split('/').nth(2)?.parse().ok()
}
