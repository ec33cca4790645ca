//! An allowlist as far as it takes to say that it cannot exempt a workload, whatever else it says.
//!
//! What is missing, given twice or of a wrong type makes it odd: only reading all of it tells what is the matter.

use std::borrow::Cow;

use super::cursor::{Cursor, text_of};
use crate::allowlist::Exemptions;
use crate::constraint::{Constraint, Findings};
use crate::manifest::{ALLOWLIST_KIND, ALLOWLIST_VERSION};
use crate::pattern::matcher;
use crate::workload::{Container, ContainerList, Workload};

/// The parts that are looked at, each as text in JSON.
#[derive(Default)]
pub(super) struct Outline<'p> {
    /// All of it.
    pub(super) text: &'p str,
    api_version: Option<&'p str>,
    kind: Option<&'p str>,
    name: Option<&'p str>,
    exemptions: Option<&'p str>,
    containers: Vec<OutlinedContainer<'p>>,
    digests: Option<&'p str>,
    has_criteria: bool,
    is_odd: bool,
}

struct OutlinedContainer<'p> {
    list: ContainerList,
    image: Option<&'p str>,
    command: Option<&'p str>,
}

impl<'p> Outline<'p> {
    /// Reads the value that the cursor stands before.
    pub(super) fn read(cursor: &mut Cursor<'p>) -> Result<Self, String> {
        let mut outline = Outline::default();
        let next = cursor.peek();
        let start = cursor.at();
        if next != Some(b'{') {
            outline.is_odd = true;
            outline.text = cursor.skip()?;
            return Ok(outline);
        }
        cursor.map("an allowlist", |key, cursor| outline.member(&key, cursor))?;
        outline.text = cursor.since(start);
        Ok(outline)
    }

    fn member(&mut self, key: &str, cursor: &mut Cursor<'p>) -> Result<(), String> {
        let place = match key {
            "apiVersion" => &mut self.api_version,
            "kind" => &mut self.kind,
            "exemptions" => &mut self.exemptions,
            "containerImageDigests" => &mut self.digests,
            "metadata" if cursor.peek() == Some(b'{') => {
                return cursor.map("metadata", |key, cursor| {
                    let raw = cursor.skip()?;
                    if key == "name" {
                        self.is_odd |= self.name.replace(raw).is_some();
                    }
                    Ok(())
                });
            }
            "matchingCriteria" if cursor.peek() == Some(b'{') => {
                self.is_odd |= self.has_criteria;
                self.has_criteria = true;
                return cursor.map("criteria", |key, cursor| self.criterion(&key, cursor));
            }
            "metadata" | "matchingCriteria" | "spec" => {
                self.is_odd = true;
                return cursor.skip().map(drop);
            }
            _ => return cursor.skip().map(drop),
        };
        self.is_odd |= place.replace(cursor.skip()?).is_some();
        Ok(())
    }

    fn criterion(&mut self, key: &str, cursor: &mut Cursor<'p>) -> Result<(), String> {
        let list = match key {
            "containers" => ContainerList::Main,
            "initContainers" => ContainerList::Init,
            _ => return cursor.skip().map(drop),
        };
        if cursor.peek() != Some(b'[') {
            self.is_odd = true;
            return cursor.skip().map(drop);
        }
        cursor.list("containers", |cursor| {
            if cursor.peek() != Some(b'{') {
                self.is_odd = true;
                return cursor.skip().map(drop);
            }
            let mut container = OutlinedContainer { list, image: None, command: None };
            cursor.map("a container", |key, cursor| {
                let raw = cursor.skip()?;
                let place = match &*key {
                    "image" => &mut container.image,
                    "command" => &mut container.command,
                    _ => return Ok(()),
                };
                self.is_odd |= place.replace(raw).is_some();
                Ok(())
            })?;
            self.containers.push(container);
            Ok(())
        })
    }

    pub(super) fn name(&self) -> Option<Cow<'p, str>> {
        text_of(self.name?)
    }

    /// Whether only reading all of it tells what it is. In the cluster, an item of a list need not say its kind.
    pub(super) fn is_odd(&self, in_cluster: bool) -> bool {
        let is = |raw: Option<&str>, wanted| match raw {
            Some(raw) => text_of(raw).is_some_and(|found| found == wanted),
            None => in_cluster,
        };
        self.is_odd
            || !self.has_criteria
            || !is(self.api_version, ALLOWLIST_VERSION)
            || !is(self.kind, ALLOWLIST_KIND)
            || self.name().is_none_or(|name| name.is_empty())
            || self.exemptions().is_none()
    }

    /// False when rule M1 or M2 keeps it from exempting. It is not odd.
    pub(super) fn may_exempt(&self, workload: &Workload<'_>, found: &Findings) -> bool {
        let (Some(name), Some(exemptions)) = (self.name(), self.exemptions()) else { return true };
        workload.matching_label.as_ref().is_none_or(|label| label.allowlist == name)
            && found.violations.iter().all(|violation| exemptions.has(violation.constraint))
    }

    /// False when a container of the workload has no counterpart with its command and its image (rules M4 to M6): no match
    /// without. It is not odd.
    pub(super) fn may_match(&self, workload: &Workload<'_>) -> bool {
        workload.containers.iter().all(|container| {
            let same_list = self.containers.iter().filter(|allowed| allowed.list == container.list);
            same_list
                .filter(|allowed| allowed.may_have_command(&container.command))
                .any(|allowed| allowed.may_have_image(container, self.digests.is_some()))
        })
    }

    fn exemptions(&self) -> Option<Exemptions> {
        let mut exemptions = Exemptions::default();
        let mut is_read = true;
        let mut cursor = Cursor::new(self.exemptions?);
        let read = cursor.list("exemptions", |cursor| {
            match text_of(cursor.skip()?) {
                // Another name has no effect, and is told as such when the settings are validated.
                Some(id) => Constraint::with_id(&id)
                    .filter(|constraint| constraint.is_exemptible())
                    .into_iter()
                    .for_each(|constraint| exemptions.add(constraint)),
                None => is_read = false,
            }
            Ok(())
        });
        (read.is_ok() && is_read).then_some(exemptions)
    }
}

impl OutlinedContainer<'_> {
    fn may_have_command(&self, command: &[&str]) -> bool {
        let mut wanted = command.iter();
        let mut differs = false;
        let mut cursor = Cursor::new(self.command.unwrap_or("null"));
        let read = cursor.list("a command", |cursor| {
            let Some(word) = text_of(cursor.skip()?) else { return Err(String::new()) };
            differs |= wanted.next().is_none_or(|wanted| *wanted != word);
            Ok(())
        });
        read.is_err() || !differs && wanted.next().is_none()
    }

    fn may_have_image(&self, container: &Container<'_>, has_digests: bool) -> bool {
        let Some(image) = &container.image else { return false };
        if image.sha256.is_some() && has_digests {
            return true;
        }
        let Some(raw) = self.image.filter(|raw| *raw != "null") else { return false };
        let Some(text) = text_of(raw) else { return true };
        // What is no valid pattern is told when all is read.
        !text.is_empty()
            && (text == image.full
                || image
                    .matchable_path()
                    .is_some_and(|path| matcher([&*text]).map_or(true, |matcher| matcher.matches(path))))
    }
}
