//! The entry for a container, or for several variants of it.

use hallpass_document::Value;
use hallpass_workload::{AppArmor, COMPLETION_INDEX, Container, EnvFrom, Handler, VolumeMount};

use super::{Fields, env_from, map_of, mount, profile, string, strings, text};

/// The parts of containers that an entry must accept, without duplicates, in the order in which they were found.
#[derive(Clone, Debug)]
pub struct ContainerEntry<'v> {
    /// The name.
    pub name: &'v str,
    /// The image without tag and digest.
    pub image: Option<&'v str>,
    /// The command.
    pub command: Vec<&'v str>,
    /// The arguments.
    pub args: Vec<&'v str>,
    /// The names of environment variables.
    pub env: Vec<&'v str>,
    env_from: Vec<EnvFrom<'v>>,
    handlers: Vec<Handler<'v>>,
    privileged: bool,
    added: Vec<&'v str>,
    dropped: Vec<&'v str>,
    app_armor: Vec<Option<AppArmor<'v>>>,
    mounts: Vec<VolumeMount<'v>>,
    devices: Vec<(&'v str, &'v str)>,
}

impl<'v> ContainerEntry<'v> {
    /// Creates the entry for a container. Each container of an indexed Job has one more variable.
    #[must_use]
    pub fn of(container: &Container<'v>, is_indexed: bool) -> Self {
        let mut entry = ContainerEntry {
            name: container.name,
            image: container.image.map(|image| image.path),
            command: container.command.clone(),
            args: Vec::new(),
            env: Vec::new(),
            env_from: Vec::new(),
            handlers: container.handlers.clone(),
            privileged: container.privileged,
            added: Vec::new(),
            dropped: container.dropped_capabilities.clone(),
            app_armor: vec![container.app_armor],
            mounts: Vec::new(),
            devices: Vec::new(),
        };
        add_all(&mut entry.args, &container.args);
        add_all(&mut entry.env, &container.env);
        add_all(&mut entry.env, is_indexed.then_some(&COMPLETION_INDEX));
        add_all(&mut entry.added, &container.added_capabilities);
        entry.add_sources(&container.env_from);
        entry.add_mounts(&container.mounts);
        let devices: Vec<_> =
            container.devices.iter().map(|device| (device.name, device.device_path)).collect();
        add_all(&mut entry.devices, &devices);
        entry
    }

    /// Whether one entry can serve both containers. With `any_image`, their images may differ.
    pub(crate) fn takes(&self, other: &ContainerEntry<'v>, any_image: bool) -> bool {
        let agrees = |handler: &Handler<'v>| {
            self.handlers.iter().all(|own| own.on != handler.on || own.command == handler.command)
        };
        let profiles: Vec<_> = self.app_armor.iter().chain(&other.app_armor).copied().collect();
        self.name == other.name
            && (any_image || self.image == other.image)
            && self.command == other.command
            && self.privileged == other.privileged
            && other.handlers.iter().all(agrees)
            && accepting(&profiles).is_some()
    }

    /// Extends the entry to accept another container, too.
    pub(crate) fn merge(&mut self, other: &ContainerEntry<'v>) {
        add_all(&mut self.args, &other.args);
        add_all(&mut self.env, &other.env);
        self.add_sources(&other.env_from);
        add_all(&mut self.handlers, &other.handlers);
        add_all(&mut self.added, &other.added);
        self.dropped.retain(|capability| other.dropped.contains(capability));
        add_all(&mut self.app_armor, &other.app_armor);
        self.add_mounts(&other.mounts);
        add_all(&mut self.devices, &other.devices);
    }

    fn add_sources(&mut self, sources: &[EnvFrom<'v>]) {
        for source in sources {
            let is_known = |known: &EnvFrom<'_>| known.source == source.source && known.name == source.name;
            if !self.env_from.iter().any(is_known) {
                self.env_from.push(*source);
            }
        }
    }

    /// Adds mounts, and keeps only those that no other mount covers.
    fn add_mounts(&mut self, mounts: &[VolumeMount<'v>]) {
        for mount in mounts {
            if !self.mounts.iter().any(|known| covers(known, mount)) {
                self.mounts.retain(|known| !covers(mount, known));
                self.mounts.push(*mount);
            }
        }
    }

    /// Returns the entry, with literal texts.
    #[must_use]
    pub fn value(&self) -> Value<'static> {
        let texts = |texts: &[&str]| texts.iter().map(|literal| text(literal)).collect();
        self.value_with(self.image.map(text), texts(&self.args), texts(&self.env))
    }

    /// Returns the entry, with texts that may be patterns.
    pub(crate) fn value_with(
        &self,
        image: Option<String>,
        args: Vec<String>,
        env: Vec<String>,
    ) -> Value<'static> {
        let mut fields = Fields::default();
        fields.add("name", string(self.name));
        fields.add_some("image", image.map(|image| string(&image)));
        fields.add_list("command", self.command.iter().map(|part| string(part)));
        fields.add_list("args", args.iter().map(|text| string(text)));
        fields.add_list("env", env.iter().map(|name| map_of([("name", string(name))])));
        fields.add_list("envFrom", self.env_from.iter().map(env_from));
        self.add_handlers(&mut fields);
        fields.add_map("securityContext", self.security());
        fields.add_list("volumeMounts", self.mounts.iter().map(mount));
        let device =
            |(name, path): &(&str, &str)| map_of([("name", string(name)), ("devicePath", string(path))]);
        fields.add_list("volumeDevices", self.devices.iter().map(device));
        fields.value()
    }

    fn add_handlers(&self, fields: &mut Fields) {
        let mut lifecycle = Fields::default();
        for handler in &self.handlers {
            let command = map_of([("exec", map_of([("command", strings(&handler.command))]))]);
            match handler.on.field().strip_prefix("lifecycle/") {
                Some(hook) => lifecycle.add(hook, command),
                None => fields.add(handler.on.field(), command),
            }
        }
        fields.add_map("lifecycle", lifecycle);
    }

    fn security(&self) -> Fields {
        let mut security = Fields::default();
        security.add_some("privileged", self.privileged.then_some(Value::Bool(true)));
        let mut capabilities = Fields::default();
        capabilities.add_list("add", self.added.iter().map(|name| string(name)));
        capabilities.add_list("drop", self.dropped.iter().map(|name| string(name)));
        security.add_map("capabilities", capabilities);
        security.add_some("appArmorProfile", accepting(&self.app_armor).flatten().map(profile));
        security
    }
}

fn add_all<'i, T: Clone + PartialEq + 'i>(list: &mut Vec<T>, items: impl IntoIterator<Item = &'i T>) {
    for item in items {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
}

/// Whether the entry for one mount also accepts the other (rule M11).
fn covers(entry: &VolumeMount<'_>, mount: &VolumeMount<'_>) -> bool {
    entry.name == mount.name
        && entry.mount_path == mount.mount_path
        && (!entry.read_only || mount.read_only)
        && (entry.sub_path.is_empty() || entry.sub_path == mount.sub_path)
}

/// Returns the narrowest criterion that accepts all profiles (rule M10); `None` if that would accept any profile.
pub(crate) fn accepting<'v>(profiles: &[Option<AppArmor<'v>>]) -> Option<Option<AppArmor<'v>>> {
    let first = profiles.first().copied().flatten();
    if profiles.iter().all(|profile| *profile == first) {
        return Some(first);
    }
    if profiles.contains(&Some(AppArmor::Unconfined)) {
        return Some(Some(AppArmor::Unconfined));
    }
    // An allowlist without a profile accepts both.
    profiles.iter().all(|profile| matches!(profile, None | Some(AppArmor::RuntimeDefault))).then_some(None)
}
