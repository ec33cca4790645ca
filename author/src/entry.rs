//! Entries of an allowlist that match a part of a workload and as little else as possible.

mod container;
mod fields;

use std::borrow::Cow;

use hallpass_document::Value;
use hallpass_policy::pattern::is_pattern;
use hallpass_workload::{
    AppArmor, CONFIG_MAP_MODE, EnvFrom, Volume, VolumeDevice, VolumeMount, VolumeSource,
};

pub use container::ContainerEntry;
pub(crate) use container::accepting;
pub(crate) use fields::Fields;

/// Returns the text of an entry of `image`, `args` or `env` that matches exactly this text.
#[must_use]
pub fn text(text: &str) -> String {
    if is_pattern(text) { format!("^{}$", escaped(text)) } else { text.to_owned() }
}

/// Returns a part of a pattern that matches exactly this text.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '-' | '_' | '/' | '=' | ':' | ',' | '@') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Returns an entry of `env`.
#[must_use]
pub fn env(name: &str) -> Value<'static> {
    map_of([("name", string(&text(name)))])
}

/// Returns an entry of `envFrom`.
#[must_use]
pub fn env_from(from: &EnvFrom<'_>) -> Value<'static> {
    map_of([(from.source.field(), map_of([("name", string(from.name))]))])
}

/// Returns an entry of `volumeMounts`.
#[must_use]
pub fn mount(mount: &VolumeMount<'_>) -> Value<'static> {
    let mut entry = Fields::default();
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

/// Returns an entry of `volumeDevices`.
#[must_use]
pub fn device(device: &VolumeDevice<'_>) -> Value<'static> {
    map_of([("name", string(device.name)), ("devicePath", string(device.device_path))])
}

/// Returns an entry of `volumes`.
#[must_use]
pub fn volume(volume: &Volume<'_>) -> Value<'static> {
    let mut entry = Fields::default();
    entry.add("name", string(volume.name));
    let mut source = Fields::default();
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
            entry.add_map("persistentVolumeClaim", source);
        }
        VolumeSource::ConfigMap { default_mode: CONFIG_MAP_MODE } | VolumeSource::Other => {}
        VolumeSource::ConfigMap { default_mode } => {
            entry.add("configMap", map_of([("defaultMode", Value::Int(default_mode.into()))]));
        }
    }
    entry.value()
}

/// Returns a string.
#[must_use]
pub fn string(text: &str) -> Value<'static> {
    Value::String(Cow::Owned(text.to_owned()))
}

/// Returns a list of strings.
#[must_use]
pub fn strings(texts: &[&str]) -> Value<'static> {
    Value::List(texts.iter().map(|text| string(text)).collect())
}

/// Returns a map.
#[must_use]
pub fn map_of<const N: usize>(fields: [(&str, Value<'static>); N]) -> Value<'static> {
    Value::Map(fields.into_iter().map(|(key, value)| (Cow::Owned(key.to_owned()), value)).collect())
}

/// Returns an `appArmorProfile`.
#[must_use]
pub fn profile(profile: AppArmor<'_>) -> Value<'static> {
    match profile {
        AppArmor::Unconfined => map_of([("type", string("Unconfined"))]),
        AppArmor::RuntimeDefault => map_of([("type", string("RuntimeDefault"))]),
        AppArmor::Localhost(name) => {
            map_of([("type", string("Localhost")), ("localhostProfile", string(name))])
        }
    }
}
