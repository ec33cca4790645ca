//! The entries for containers: one per container, or one for all variants of a container that can share it.

use std::collections::BTreeSet;

use hallpass_document::Value;
use hallpass_workload::{Container, ContainerList, Workload};

use super::Remark;
use super::pattern::{self, Patterns, Texts};
use super::remarks::{is_loader, is_script};
use crate::entry::{ContainerEntry, map_of, string, strings};

/// Returns the entries of a list, in the order of its containers.
pub(super) fn entries(
    workloads: &[&Workload<'_>],
    list: ContainerList,
    patterns: Patterns,
    remarks: &mut Vec<Remark>,
) -> Vec<Value<'static>> {
    let mut entries: Vec<ContainerEntry<'_>> = Vec::new();
    for workload in workloads {
        for container in workload.containers.iter().filter(|container| container.list == list) {
            let own = ContainerEntry::of(container, workload.completion_index.is_some());
            match entries.iter_mut().find(|entry| entry.takes(&own, false)) {
                Some(entry) => entry.merge(&own),
                None => entries.push(own),
            }
        }
    }
    let images = if patterns.image { with_one_image(&mut entries) } else { vec![None; entries.len()] };
    let place = |index: usize| format!("/matchingCriteria/{}/{index}", list.field());
    let all = entries.iter().zip(images).enumerate();
    all.map(|(index, (entry, image))| write(entry, image, &place(index), patterns, remarks)).collect()
}

/// Merges entries that differ in their images, if these share a form. Returns the pattern for each entry, if any.
fn with_one_image(entries: &mut Vec<ContainerEntry<'_>>) -> Vec<Option<Texts>> {
    let mut patterns = Vec::new();
    while let Some(first) = entries.get(patterns.len()) {
        let mut merged = first.clone();
        let mut images: Vec<&str> = first.image.into_iter().collect();
        let mut others = Vec::new();
        for (index, other) in entries.iter().enumerate().skip(patterns.len() + 1) {
            // Two others may contradict each other, although each fits the first.
            if merged.takes(other, true) {
                merged.merge(other);
                images.extend(other.image);
                others.push(index);
            }
        }
        let shared = pattern::of_images(&images);
        if shared.is_some() {
            others.into_iter().rev().for_each(|index| drop(entries.remove(index)));
            if let Some(first) = entries.get_mut(patterns.len()) {
                *first = merged;
            }
        }
        patterns.push(shared);
    }
    patterns
}

fn write(
    entry: &ContainerEntry<'_>,
    image: Option<Texts>,
    place: &str,
    patterns: Patterns,
    remarks: &mut Vec<Remark>,
) -> Value<'static> {
    let mut remark = |below: &str, text: String| {
        remarks.push(Remark { path: format!("{place}{below}"), text });
    };
    if is_script(&entry.command) {
        let text =
            "decide: a script in `command` must match byte for byte; in `args`, a pattern could match it";
        remark("/command", text.to_owned());
    }
    let mut written = |texts: Vec<Texts>, field: &str| -> Vec<String> {
        let write = |(index, texts): (usize, Texts)| {
            if let Some(text) = texts.remark() {
                remark(&format!("/{field}/{index}"), text);
            }
            if field == "env" && is_loader(&texts.written) {
                let text = format!(
                    "decide: any value of `{}` is permitted, and can make a process load other code",
                    texts.written
                );
                remark(&format!("/{field}/{index}"), text);
            }
            texts.written
        };
        texts.into_iter().enumerate().map(write).collect()
    };
    let args = written(pattern::of_args(&entry.args, patterns.args), "args");
    let env = written(pattern::of_env(&entry.env, patterns.env), "env");
    let image = match image {
        Some(texts) => {
            let shared = texts.written.clone();
            if let Some(text) = texts.remark() {
                remark("/image", text);
            }
            Some(shared)
        }
        None => entry.image.map(crate::entry::text),
    };
    entry.value_with(image, args, env)
}

/// Returns the entries of `containerImageDigests`. Containers of both lists share a name's digests.
pub(super) fn digests(workloads: &[&Workload<'_>], remarks: &mut Vec<Remark>) -> Vec<Value<'static>> {
    let mut names: Vec<(&str, BTreeSet<&str>)> = Vec::new();
    for container in workloads.iter().flat_map(|workload| &workload.containers) {
        let Some(digest) = digest_of(container) else { continue };
        match names.iter_mut().find(|(name, _)| *name == container.name) {
            Some((_, digests)) => drop(digests.insert(digest)),
            None => names.push((container.name, BTreeSet::from([digest]))),
        }
    }
    let write = |(index, (name, digests)): (usize, (&str, BTreeSet<&str>))| {
        let text = "decide: the `image` of this container also accepts every tag without a digest".to_owned();
        remarks.push(Remark { path: format!("/containerImageDigests/{index}"), text });
        let digests: Vec<&str> = digests.into_iter().collect();
        map_of([("containerName", string(name)), ("imageDigests", strings(&digests))])
    };
    names.into_iter().enumerate().map(write).collect()
}

/// Returns `sha256:` and the digits.
fn digest_of<'v>(container: &Container<'v>) -> Option<&'v str> {
    let image = container.image.filter(|image| image.sha256.is_some())?;
    image.digest
}
