//! Reads a container of an allowlist.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field::unknown;
use super::{AllowedContainer, AllowedDevice, AllowedEnvFrom, AllowedImage, AllowedMount, Strings};
use crate::pattern::{Matcher, matcher};
use hallpass_document::{At, Code, Diagnostic, Diagnostics, Value};
use hallpass_workload::{AppArmor, ContainerList, EnvSource, nameless, read_handlers};

const FIELDS: [&str; 13] = [
    "name",
    "image",
    "command",
    "args",
    "env",
    "envFrom",
    "lifecycle",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "securityContext",
    "volumeMounts",
    "volumeDevices",
];

pub(super) fn read_containers<'v>(
    value: &'v Value<'v>,
    list: ContainerList,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Vec<AllowedContainer<'v>> {
    let mut images = Images::new();
    let items = faults.list(value, at).iter().enumerate();
    items
        .map(|(index, item)| read_container(item, list, index, &at.index(index), &mut images, faults))
        .collect()
}

/// Matchers by image: containers often share an image, and its pattern is usually the longest.
type Images<'v> = BTreeMap<&'v str, Arc<Matcher<'v>>>;

fn read_container<'v>(
    value: &'v Value<'v>,
    list: ContainerList,
    index: usize,
    at: &At<'_>,
    images: &mut Images<'v>,
    faults: &mut Diagnostics,
) -> AllowedContainer<'v> {
    let mut container = AllowedContainer::empty(list, index);
    let entries = faults.map_item(value, at);
    for (key, value) in entries {
        let at = at.key(key);
        match &**key {
            "name" => container.name = faults.string(value, &at).unwrap_or_default(),
            "image" => {
                let text = faults.string(value, &at).filter(|text| !text.is_empty());
                container.image = text.map(|text| read_image(text, &at, images, faults));
            }
            "command" => container.command = faults.strings(value, &at),
            "args" => {
                let texts = faults.strings(value, &at);
                let matcher = compile(&texts, |index| at.index(index).pointer(), faults);
                container.args = Strings { texts, matcher };
            }
            "env" => container.env = read_env(value, &at, faults),
            "envFrom" => container.env_from = read_env_from(value, &at, faults),
            "lifecycle" | "livenessProbe" | "readinessProbe" | "startupProbe" => {
                container.handlers.extend(read_handlers(key, value, &at, faults));
            }
            "securityContext" => read_security(&mut container, value, &at, faults),
            "volumeMounts" => {
                let items = faults.list(value, &at).iter().enumerate();
                container.mounts = items.map(|(i, item)| read_mount(item, i, &at.index(i), faults)).collect();
            }
            "volumeDevices" => {
                let items = faults.list(value, &at).iter().enumerate();
                container.devices = items.map(|(i, item)| read_device(item, &at.index(i), faults)).collect();
            }
            "imageDigests" => {
                let name = entries.iter().find(|(key, _)| key == "name").and_then(|(_, name)| name.as_str());
                faults.error(
                    Diagnostic::new(at.pointer(), "`imageDigests` has no effect inside a container")
                        .in_key()
                        .code(Code::UnknownField)
                        .help(format!(
                            "move the digests to the top level, next to `matchingCriteria`: \
                             `containerImageDigests: [{{containerName: {}, imageDigests: [...]}}]`",
                            name.unwrap_or("NAME")
                        )),
                );
            }
            _ => unknown(key, &FIELDS, &at, faults),
        }
    }
    if container.name.is_empty() {
        nameless("container", at, faults);
    }
    container
}

fn read_image<'v>(
    text: &'v str,
    at: &At<'_>,
    images: &mut Images<'v>,
    faults: &mut Diagnostics,
) -> AllowedImage<'v> {
    if let Some(matcher) = images.get(text) {
        return AllowedImage { text, matcher: Arc::clone(matcher) };
    }
    let faults_before = faults.errors.len();
    let matcher = Arc::new(compile(&[text], |_| at.pointer(), faults));
    // An invalid pattern must be reported wherever it is.
    if faults.errors.len() == faults_before {
        images.insert(text, Arc::clone(&matcher));
    }
    AllowedImage { text, matcher }
}

/// An invalid pattern makes the allowlist an error, instead of a list that matches less (rule P1).
fn compile<'v>(texts: &[&'v str], place: impl Fn(usize) -> String, faults: &mut Diagnostics) -> Matcher<'v> {
    match matcher(texts.iter().copied()) {
        Ok(matcher) => matcher,
        Err(bad) => {
            for (index, error) in bad {
                let fault = Diagnostic::new(place(index), format!("not a valid RE2 pattern: {error}"));
                faults.error(fault.code(Code::Pattern).help(
                    "text that starts with `^` and ends with `$` is a pattern: fix it, or remove an anchor",
                ));
            }
            Matcher::default()
        }
    }
}

fn read_env<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Strings<'v> {
    let items = faults.list(value, at);
    let mut texts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = at.index(index);
        let mut name = "";
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            match &**key {
                "name" => name = faults.string(value, &at).unwrap_or_default(),
                _ => unknown(key, &["name"], &at, faults),
            }
        }
        if name.is_empty() {
            nameless("environment variable", &at, faults);
        }
        texts.push(name);
    }
    let matcher = compile(&texts, |index| at.index(index).key("name").pointer(), faults);
    Strings { texts, matcher }
}

fn read_env_from<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<AllowedEnvFrom<'v>> {
    let mut sources = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            let source = match &**key {
                "configMapRef" => EnvSource::ConfigMap,
                "secretRef" => EnvSource::Secret,
                _ => {
                    unknown(key, &["configMapRef", "secretRef"], &at, faults);
                    continue;
                }
            };
            for (key, value) in faults.map(value, &at) {
                let at = at.key(key);
                match &**key {
                    "name" => {
                        sources.extend(faults.string(value, &at).map(|name| AllowedEnvFrom { source, name }))
                    }
                    _ => unknown(key, &["name"], &at, faults),
                }
            }
        }
    }
    sources
}

fn read_security<'v>(
    container: &mut AllowedContainer<'v>,
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) {
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        match &**key {
            "privileged" => container.privileged = faults.boolean(value, &at) == Some(true),
            "capabilities" => {
                for (key, value) in faults.map(value, &at) {
                    let at = at.key(key);
                    match &**key {
                        "add" => container.added_capabilities = faults.strings(value, &at),
                        "drop" => container.dropped_capabilities = faults.strings(value, &at),
                        _ => unknown(key, &["add", "drop"], &at, faults),
                    }
                }
            }
            "appArmorProfile" => container.app_armor = AppArmor::read(value, &at, faults),
            _ => unknown(key, &["privileged", "capabilities", "appArmorProfile"], &at, faults),
        }
    }
}

fn read_mount<'v>(
    value: &'v Value<'v>,
    index: usize,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> AllowedMount<'v> {
    let mut mount = AllowedMount { index, name: "", mount_path: "", read_only: false, sub_path: "" };
    for (key, value) in faults.map_item(value, at) {
        let at = at.key(key);
        match &**key {
            "name" => mount.name = faults.string(value, &at).unwrap_or_default(),
            "mountPath" => mount.mount_path = faults.string(value, &at).unwrap_or_default(),
            "readOnly" => mount.read_only = faults.boolean(value, &at) == Some(true),
            "subPath" => mount.sub_path = faults.string(value, &at).unwrap_or_default(),
            _ => unknown(key, &["name", "mountPath", "readOnly", "subPath"], &at, faults),
        }
    }
    mount
}

fn read_device<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> AllowedDevice<'v> {
    let mut device = AllowedDevice { name: "", device_path: "" };
    for (key, value) in faults.map_item(value, at) {
        let at = at.key(key);
        match &**key {
            "name" => device.name = faults.string(value, &at).unwrap_or_default(),
            "devicePath" => device.device_path = faults.string(value, &at).unwrap_or_default(),
            _ => unknown(key, &["name", "devicePath"], &at, faults),
        }
    }
    device
}
