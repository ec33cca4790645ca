//! Reads a container of a Pod spec.

use super::app_armor::{Annotations, default_app_armor};
use super::handler::read_handlers;
use super::pod::read_host_process;
use super::refused::{Port, check_escalation, check_image, check_mounts, check_name, check_port};
use super::shape::{CAPABILITIES, CONTAINER, CONTAINER_SECURITY, DEVICE, ENV, ENV_FROM, MOUNT, PORT};
use super::{AppArmor, Container, ContainerList, EnvFrom, EnvSource, HostPort, VolumeDevice, VolumeMount};
use crate::image::ImageReference;
use hallpass_document::Places;
use hallpass_document::{At, Diagnostic, Diagnostics, Value};

/// The fields outside of the container on which its defaults depend.
pub(super) struct ContainerContext<'p, 'v> {
    pub(super) annotations: &'p Annotations<'p, 'v>,
    /// JSON pointer to the Pod spec.
    pub(super) spec: &'p str,
    pub(super) pod_app_armor: Option<AppArmor<'v>>,
    pub(super) host_network: bool,
    /// Whether `os.name` is `windows`.
    pub(super) windows: bool,
}

pub(super) fn read_container<'v>(
    value: &'v Value<'v>,
    list: ContainerList,
    index: usize,
    at: &At<'_>,
    context: &ContainerContext<'_, 'v>,
    faults: &mut Diagnostics,
) -> Container<'v> {
    let mut container = Container {
        list,
        index,
        name: "",
        image: None,
        command: Vec::new(),
        args: Vec::new(),
        env: Vec::new(),
        env_from: Vec::new(),
        handlers: Vec::new(),
        host_ports: Vec::new(),
        privileged: false,
        added_capabilities: Vec::new(),
        dropped_capabilities: Vec::new(),
        dropped_places: Places::default(),
        app_armor: None,
        app_armor_annotation: None,
        unmasked_proc: false,
        host_process: false,
        mounts: Vec::new(),
        devices: Vec::new(),
    };
    let mut allow_escalation = None;
    for (key, value) in faults.map_item(value, at) {
        let at = at.key(key);
        match &**key {
            "name" => container.name = faults.string(value, &at).unwrap_or_default(),
            "image" => {
                let image = faults.string(value, &at).filter(|image| !image.is_empty());
                container.image = image.map(ImageReference::parse);
            }
            "command" => container.command = faults.strings(value, &at),
            "args" => container.args = faults.strings(value, &at),
            "env" => container.env = read_env(value, &at, faults),
            "envFrom" => container.env_from = read_env_from(value, &at, faults),
            "lifecycle" | "livenessProbe" | "readinessProbe" | "startupProbe" => {
                container.handlers.extend(read_handlers(key, value, &at, faults));
            }
            "ports" => container.host_ports = read_ports(value, &at, list, context.host_network, faults),
            "securityContext" => allow_escalation = read_security(&mut container, value, &at, faults),
            "volumeMounts" => container.mounts = read_mounts(value, &at, faults),
            "volumeDevices" => container.devices = read_devices(value, &at, faults),
            _ => CONTAINER.unread(key, &at, faults),
        }
    }
    if container.name.is_empty() {
        nameless("container", at, faults);
    }
    container.dropped_places = Places::of(container.dropped_capabilities.iter().map(|name| (*name, "")));
    default_app_armor(&mut container, context, at, faults);
    check_name("container", container.name, at, faults);
    check_image(&container, at, faults);
    check_escalation(&container, allow_escalation, at, faults);
    check_mounts(&container, at, faults);
    container
}

/// Reports an item without a required name, which the API server refuses.
pub fn nameless(what: &str, at: &At<'_>, faults: &mut Diagnostics) {
    let (item, path) = (at.pointer(), at.key("name").pointer());
    // A wrong type has already been reported.
    if !faults.errors.iter().any(|fault| fault.path == path || fault.path == item) {
        faults.error(Diagnostic::new(path, format!("the {what} has no name")).help("give it a `name`"));
    }
}

fn read_env<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<&'v str> {
    let items = faults.list(value, at);
    let mut names = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = at.index(index);
        let mut name = None;
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            match &**key {
                "name" => name = faults.string(value, &at),
                // No rule reads it, but `value: yes` is the mistake that the API server refuses most often.
                "value" => drop(faults.string(value, &at)),
                _ => ENV.unread(key, &at, faults),
            }
        }
        if name.is_none_or(str::is_empty) {
            nameless("environment variable", &at, faults);
        }
        names.extend(name);
    }
    names
}

fn read_env_from<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<EnvFrom<'v>> {
    let mut sources = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            let source = match &**key {
                "configMapRef" => EnvSource::ConfigMap,
                "secretRef" => EnvSource::Secret,
                _ => {
                    ENV_FROM.unread(key, &at, faults);
                    continue;
                }
            };
            if value.is_null() {
                continue;
            }
            let mut name = "";
            for (key, value) in faults.map(value, &at) {
                if key == "name" {
                    name = faults.string(value, &at.key(key)).unwrap_or_default();
                }
            }
            sources.push(EnvFrom { index, source, name });
        }
    }
    sources
}

fn read_ports<'v>(
    value: &'v Value<'v>,
    at: &At<'_>,
    list: ContainerList,
    host_network: bool,
    faults: &mut Diagnostics,
) -> Vec<HostPort<'v>> {
    let mut ports = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        let mut port = Port { container: 0, host: 0, protocol: "TCP" };
        let mut host_ip = "";
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            match &**key {
                "hostPort" => port.host = faults.int32(value, &at).unwrap_or_default(),
                "containerPort" => port.container = faults.int32(value, &at).unwrap_or_default(),
                "hostIP" => host_ip = faults.string(value, &at).unwrap_or_default(),
                "protocol" => {
                    let given = faults.string(value, &at).filter(|protocol| !protocol.is_empty());
                    port.protocol = given.unwrap_or(port.protocol);
                }
                _ => PORT.unread(key, &at, faults),
            }
        }
        // Rule W2(b): the API server fills in a host port that is 0 or absent; ephemeral containers have none.
        let implied = port.host == 0 && host_network && list != ContainerList::Ephemeral;
        check_port(&port, host_network && list == ContainerList::Main, &at, faults);
        let (protocol, port) = (port.protocol, if implied { port.container } else { port.host });
        if port != 0 {
            ports.push(HostPort { index, port, protocol, host_ip, implied });
        }
    }
    ports
}

/// Returns `allowPrivilegeEscalation`, which no rule reads.
fn read_security<'v>(
    container: &mut Container<'v>,
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Option<bool> {
    let mut allow_escalation = None;
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
                        _ => CAPABILITIES.unread(key, &at, faults),
                    }
                }
            }
            "appArmorProfile" => container.app_armor = AppArmor::read(value, &at, faults),
            "procMount" => container.unmasked_proc = faults.string(value, &at) == Some("Unmasked"),
            "windowsOptions" => container.host_process = read_host_process(value, &at, faults),
            "allowPrivilegeEscalation" => allow_escalation = faults.boolean(value, &at),
            _ => CONTAINER_SECURITY.unread(key, &at, faults),
        }
    }
    allow_escalation
}

fn read_mounts<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<VolumeMount<'v>> {
    let items = faults.list(value, at);
    let mut mounts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = at.index(index);
        let mut mount = VolumeMount {
            index,
            name: "",
            mount_path: "",
            read_only: false,
            sub_path: "",
            has_sub_path_expr: false,
            bidirectional: false,
        };
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            match &**key {
                "name" => mount.name = faults.string(value, &at).unwrap_or_default(),
                "mountPath" => mount.mount_path = faults.string(value, &at).unwrap_or_default(),
                "readOnly" => mount.read_only = faults.boolean(value, &at) == Some(true),
                "subPath" => mount.sub_path = faults.string(value, &at).unwrap_or_default(),
                "subPathExpr" => {
                    mount.has_sub_path_expr = faults.string(value, &at).is_some_and(|path| !path.is_empty());
                }
                "mountPropagation" => {
                    mount.bidirectional = faults.string(value, &at) == Some("Bidirectional");
                }
                _ => MOUNT.unread(key, &at, faults),
            }
        }
        if mount.name.is_empty() {
            nameless("volume mount", &at, faults);
        }
        mounts.push(mount);
    }
    mounts
}

fn read_devices<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<VolumeDevice<'v>> {
    let mut devices = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        let mut device = VolumeDevice { index, name: "", device_path: "" };
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            match &**key {
                "name" => device.name = faults.string(value, &at).unwrap_or_default(),
                "devicePath" => device.device_path = faults.string(value, &at).unwrap_or_default(),
                _ => DEVICE.unread(key, &at, faults),
            }
        }
        if device.name.is_empty() {
            nameless("volume device", &at, faults);
        }
        devices.push(device);
    }
    devices
}
