//! For authors of allowlists: the change of an allowlist that resolves a mismatch.
//!
//! A change adds an entry wherever that is sufficient, because additional entries never stop another workload from
//! matching. It sets a field only where the rules require equality.

mod combine;

use hallpass_author::entry::{self, ContainerEntry, map_of, profile, string, strings};
use hallpass_document::Value;
use hallpass_edit::yaml;
use hallpass_policy::{Mismatch, Rule};
use hallpass_workload::{Container, ContainerList};

use crate::pairing::{Pairing, below, entry_of, index_of};
use crate::report::AllowlistChange;

pub(crate) use combine::combine;

/// A change of an allowlist.
pub(crate) struct Change {
    /// JSON pointer to an existing list or map.
    path: String,
    /// Items to append to the list, or fields of the map to add or replace.
    value: Value<'static>,
}

impl From<Change> for AllowlistChange {
    fn from(change: Change) -> Self {
        AllowlistChange { path: change.path, yaml: yaml(&change.value) }
    }
}

/// A change before it is located.
pub(crate) enum Edit {
    /// Appends an item to the list at a pointer.
    Add(String, Value<'static>),
    /// Sets the field at a pointer.
    Set(String, Value<'static>),
}

const DIGESTS: &str = "/containerImageDigests";

impl Pairing<'_, '_> {
    /// Returns the change that resolves a mismatch. `pattern` replaces the literal value of the workload.
    pub(crate) fn change(&self, mismatch: &Mismatch, pattern: Option<&str>) -> Option<Change> {
        let (path, value) = self.located(self.edit(mismatch, pattern)?)?;
        Some(Change { path, value })
    }

    /// Returns an edit as items to append to an existing list, or fields to add to or replace in an existing map.
    pub(crate) fn located(&self, edit: Edit) -> Option<(String, Value<'static>)> {
        let (mut path, mut value) = match edit {
            Edit::Add(list, item) => (list, Value::List(vec![item])),
            Edit::Set(field, value) => {
                let (map, key) = field.rsplit_once('/')?;
                (map.to_owned(), map_of([(key, value)]))
            }
        };
        // Missing fields above it become part of the change.
        while !matches!(
            (self.theirs(&path), &value),
            (Some(Value::Map(_)), Value::Map(_)) | (Some(Value::List(_)), Value::List(_))
        ) {
            let (above, key) = path.rsplit_once('/')?;
            value = map_of([(key, value)]);
            path.truncate(above.len());
        }
        Some((path, value))
    }

    pub(crate) fn edit(&self, mismatch: &Mismatch, pattern: Option<&str>) -> Option<Edit> {
        let theirs = mismatch.allowlist_path.as_deref()?;
        match mismatch.rule {
            Rule::M1 if theirs == "/exemptions" => {
                Some(Edit::Add(theirs.to_owned(), string(mismatch.workload.as_deref()?)))
            }
            Rule::M3 | Rule::M10 if entry_of(theirs).is_none() => self.of_pod(mismatch.rule, theirs),
            Rule::M12 => {
                let volume = entry::volume(self.volume(&mismatch.path)?);
                Some(Edit::Add("/matchingCriteria/volumes".to_owned(), volume))
            }
            _ => self.of_container(mismatch, theirs, pattern),
        }
    }

    fn of_pod(&self, rule: Rule, theirs: &str) -> Option<Edit> {
        let workload = self.workload;
        let value = match rule {
            Rule::M10 => profile(workload.app_armor?),
            _ => {
                let field = theirs.rsplit('/').next()?;
                let joins = workload.host_namespaces.iter().any(|namespace| namespace.field() == field);
                Value::Bool(joins || field == "hostUsers" && workload.host_users)
            }
        };
        Some(Edit::Set(theirs.to_owned(), value))
    }

    fn of_container(&self, mismatch: &Mismatch, theirs: &str, pattern: Option<&str>) -> Option<Edit> {
        let env = || match pattern {
            Some(pattern) => Some(map_of([("name", string(pattern))])),
            None => Some(entry::env(mismatch.workload.as_deref()?)),
        };
        let Some((container, field)) = self.container(&mismatch.path) else {
            // The variable of an indexed Job is not in the manifest.
            return Some(Edit::Add(theirs.to_owned(), env()?)).filter(|_| mismatch.rule == Rule::M7);
        };
        if mismatch.rule == Rule::M4 {
            return self.whole(container);
        }
        let own = entry_of(theirs)?;
        let add = |list: &str, item: Value<'static>| Some(Edit::Add(format!("{own}/{list}"), item));
        // Digests belong to the name of an entry, so an entry with another name would not accept them.
        let another = || container.image.filter(|image| image.digest.is_none()).and(self.whole(container));
        let set = |field: &str, value: Value<'static>| match mismatch.shared {
            false => Some(Edit::Set(format!("{own}/{field}"), value)),
            // The entry is for another container.
            true => another(),
        };
        if self.is_foreign(own, container) {
            return another();
        }
        match mismatch.rule {
            Rule::M2 if self.digests_of(own).is_some() => another(),
            Rule::M2 => set("name", string(container.name)),
            Rule::M3 => set("securityContext/privileged", Value::Bool(container.privileged)),
            Rule::M5 => self.of_image(mismatch, own, container, pattern),
            Rule::M6 if field.starts_with("/command") => set("command", strings(&container.command)),
            Rule::M6 => {
                let arg = container.args.get(index_of(field)?)?;
                add("args", string(&pattern.map_or_else(|| entry::text(arg), str::to_owned)))
            }
            Rule::M7 if field.starts_with("/envFrom") => {
                let index = index_of(field)?;
                let from = container.env_from.iter().find(|from| from.index == index)?;
                add("envFrom", entry::env_from(from))
            }
            Rule::M7 => add("env", env()?),
            Rule::M8 => {
                let handler = container
                    .handlers
                    .iter()
                    .find(|handler| below(field, &format!("/{}", handler.on.field())).is_some())?;
                set(&format!("{}/exec/command", handler.on.field()), strings(&handler.command))
            }
            Rule::M9 if theirs.ends_with("/add") => {
                add("securityContext/capabilities/add", string(mismatch.workload.as_deref()?))
            }
            Rule::M9 => {
                let (list, _) = theirs.rsplit_once('/')?;
                // All capabilities that the container does not drop, so that equal mismatches have one change.
                let kept =
                    self.items(list).iter().filter_map(Value::as_str).filter(|drop| container.drops(drop));
                Some(Edit::Set(list.to_owned(), Value::List(kept.map(string).collect())))
            }
            Rule::M10 => set("securityContext/appArmorProfile", profile(container.app_armor?)),
            Rule::M11 => {
                let index = index_of(field)?;
                if field.starts_with("/volumeDevices") {
                    let device = container.devices.iter().find(|device| device.index == index)?;
                    return add("volumeDevices", entry::device(device));
                }
                add("volumeMounts", entry::mount(container.mounts.iter().find(|mount| mount.index == index)?))
            }
            _ => None,
        }
    }

    /// Returns the change for an image. An image with a digest matches only by that digest. Unless the names are equal, another
    /// image likely belongs to a container that the allowlist does not have yet.
    fn of_image(
        &self,
        mismatch: &Mismatch,
        own: &str,
        container: &Container<'_>,
        pattern: Option<&str>,
    ) -> Option<Edit> {
        let image = container.image?;
        let name = self.theirs(&format!("{own}/name"))?.as_str()?;
        if image.digest.is_some() {
            image.sha256?;
            let (_, digest) = image.full.rsplit_once('@')?;
            return Some(match self.digests_of(own) {
                Some(list) => Edit::Add(list, string(digest)),
                None => Edit::Add(
                    DIGESTS.to_owned(),
                    map_of([("containerName", string(name)), ("imageDigests", strings(&[digest]))]),
                ),
            });
        }
        let same = pattern.is_some() || name == container.name || mismatch.expected.is_none();
        if mismatch.shared || !same {
            return self.whole(container);
        }
        let text = pattern.map_or_else(|| entry::text(image.path), str::to_owned);
        Some(Edit::Set(format!("{own}/image"), string(&text)))
    }

    /// Adds an entry that matches the container. Returns `None` for an ephemeral one, which no allowlist can list.
    pub(crate) fn whole(&self, container: &Container<'_>) -> Option<Edit> {
        let list = format!("/matchingCriteria/{}", container.list.field());
        let entry = ContainerEntry::of(container, self.workload.completion_index.is_some());
        (container.list != ContainerList::Ephemeral).then(|| Edit::Add(list, entry.value()))
    }

    /// Returns a JSON pointer to the list of digests for an entry.
    fn digests_of(&self, own: &str) -> Option<String> {
        let name = self.theirs(&format!("{own}/name"))?;
        let index = self.items(DIGESTS).iter().position(|digests| {
            digests.get("containerName") == Some(name) && digests.get("imageDigests").is_some()
        })?;
        Some(format!("{DIGESTS}/{index}/imageDigests"))
    }
}
