//! Entries of an allowlist that match a part of a workload, and as little else as possible.

use hallpass_document::Value;
use hallpass_policy::pattern::is_pattern;
use hallpass_workload::{
    COMPLETION_INDEX, CONFIG_MAP_MODE, Container, EnvFrom, Volume, VolumeDevice, VolumeMount, VolumeSource,
};

use super::{map_of, profile, string, strings};

/// Returns the text of an entry of `image`, `args` or `env` that matches exactly this text.
pub(super) fn text(text: &str) -> Value<'static> {
    if !is_pattern(text) {
        return string(text);
    }
    let mut quoted = String::from("^");
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('$');
    string(&quoted)
}

pub(super) fn container(container: &Container<'_>, is_indexed: bool) -> Value<'static> {
    let mut entry = Entry::default();
    entry.add("name", string(container.name));
    entry.add_some("image", container.image.map(|image| text(image.path)));
    entry.add_list("command", container.command.iter().map(|item| string(item)));
    entry.add_list("args", container.args.iter().map(|arg| text(arg)));
    let is_missing = is_indexed && !container.env.contains(&COMPLETION_INDEX);
    let names = container.env.iter().copied().chain(is_missing.then_some(COMPLETION_INDEX));
    entry.add_list("env", names.map(env));
    entry.add_list("envFrom", container.env_from.iter().map(env_from));
    handlers(container, &mut entry);
    let mut security = Entry::default();
    if container.privileged {
        security.add("privileged", Value::Bool(true));
    }
    let mut capabilities = Entry::default();
    capabilities.add_list("add", container.added_capabilities.iter().map(|name| string(name)));
    capabilities.add_list("drop", container.dropped_capabilities.iter().map(|name| string(name)));
    security.add_entry("capabilities", capabilities);
    security.add_some("appArmorProfile", container.app_armor.map(profile));
    entry.add_entry("securityContext", security);
    entry.add_list("volumeMounts", container.mounts.iter().map(mount));
    entry.add_list("volumeDevices", container.devices.iter().map(device));
    entry.value()
}

fn handlers(container: &Container<'_>, entry: &mut Entry) {
    let mut lifecycle = Entry::default();
    for handler in &container.handlers {
        let command = map_of([("exec", map_of([("command", strings(&handler.command))]))]);
        match handler.on.field().strip_prefix("lifecycle/") {
            Some(hook) => lifecycle.add(hook, command),
            None => entry.add(handler.on.field(), command),
        }
    }
    entry.add_entry("lifecycle", lifecycle);
}

pub(super) fn env(name: &str) -> Value<'static> {
    map_of([("name", text(name))])
}

pub(super) fn env_from(from: &EnvFrom<'_>) -> Value<'static> {
    map_of([(from.source.field(), map_of([("name", string(from.name))]))])
}

pub(super) fn mount(mount: &VolumeMount<'_>) -> Value<'static> {
    let mut entry = Entry::default();
    entry.add("name", string(mount.name));
    entry.add("mountPath", string(mount.mount_path));
    if !mount.sub_path.is_empty() {
        entry.add("subPath", string(mount.sub_path));
    }
    if mount.read_only {
        entry.add("readOnly", Value::Bool(true));
    }
    entry.value()
}

pub(super) fn device(device: &VolumeDevice<'_>) -> Value<'static> {
    map_of([("name", string(device.name)), ("devicePath", string(device.device_path))])
}

pub(super) fn volume(volume: &Volume<'_>) -> Value<'static> {
    let mut entry = Entry::default();
    entry.add("name", string(volume.name));
    let mut source = Entry::default();
    let only = |read_only: bool| read_only.then_some(Value::Bool(true));
    match volume.source {
        VolumeSource::HostPath(path) => entry.add("hostPath", map_of([("path", string(path))])),
        VolumeSource::Nfs { path, read_only } => {
            source.add("path", string(path));
            source.add_some("readOnly", only(read_only));
            entry.add("nfs", source.value());
        }
        VolumeSource::GcePersistentDisk { fs_type, partition, read_only } => {
            source.add_some("fsType", (!fs_type.is_empty()).then(|| string(fs_type)));
            source.add_some("partition", (partition != 0).then(|| Value::Int(partition.into())));
            source.add_some("readOnly", only(read_only));
            entry.add("gcePersistentDisk", source.value());
        }
        VolumeSource::Claim { read_only } => {
            source.add_some("readOnly", only(read_only));
            entry.add_entry("persistentVolumeClaim", source);
        }
        VolumeSource::ConfigMap { default_mode: CONFIG_MAP_MODE } | VolumeSource::Other => {}
        VolumeSource::ConfigMap { default_mode } => {
            entry.add("configMap", map_of([("defaultMode", Value::Int(default_mode.into()))]));
        }
    }
    entry.value()
}

/// A map under construction.
#[derive(Default)]
struct Entry(Vec<(&'static str, Value<'static>)>);

impl Entry {
    fn add(&mut self, field: &'static str, value: Value<'static>) {
        self.0.push((field, value));
    }

    fn add_some(&mut self, field: &'static str, value: Option<Value<'static>>) {
        self.0.extend(value.map(|value| (field, value)));
    }

    fn add_list(&mut self, field: &'static str, items: impl Iterator<Item = Value<'static>>) {
        let items: Vec<_> = items.collect();
        self.add_some(field, (!items.is_empty()).then_some(Value::List(items)));
    }

    fn add_entry(&mut self, field: &'static str, entry: Entry) {
        self.add_some(field, (!entry.0.is_empty()).then(|| entry.value()));
    }

    fn value(self) -> Value<'static> {
        Value::Map(self.0.into_iter().map(|(field, value)| (field.into(), value)).collect())
    }
}
