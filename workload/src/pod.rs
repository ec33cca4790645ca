//! W4: the containers of all three lists are read, in a Pod spec as the API server passes it to admission (with W2
//! and W5).

use std::collections::BTreeSet;

use super::app_armor::Annotations;
use super::container::{ContainerContext, nameless, read_container};
use super::refused::{check_host_ports, check_host_users, check_volumes};
use super::scheduling::{read_affinity, read_node_selector, read_tolerations};
use super::shape::{OS, POD_SECURITY, POD_SPEC};
use super::volume::{Volumes, read_volumes};
use super::{AppArmor, Container, ContainerList, HostNamespace, NodeKey, Toleration, Volume};
use hallpass_document::{At, Diagnostic, Diagnostics, Value};

/// The fields of a Pod spec that rules read.
#[derive(Default)]
pub(super) struct Pod<'v> {
    pub(super) host_namespaces: Vec<HostNamespace>,
    pub(super) host_users: bool,
    pub(super) app_armor: Option<AppArmor<'v>>,
    pub(super) sysctls: Vec<&'v str>,
    pub(super) host_process: bool,
    pub(super) node_keys: Vec<NodeKey<'v>>,
    pub(super) tolerations: Vec<Toleration<'v>>,
    pub(super) runtime_class: Option<&'v str>,
    pub(super) volumes: Vec<Volume<'v>>,
    pub(super) containers: Vec<Container<'v>>,
}

impl<'v> Pod<'v> {
    pub(super) fn read(
        spec: &'v Value<'v>,
        at: &At<'_>,
        annotations: &Annotations<'_, 'v>,
        claims: Vec<Volume<'v>>,
        faults: &mut Diagnostics,
    ) -> Self {
        let mut pod = Pod::default();
        let mut lists = Vec::with_capacity(3);
        let mut volumes = Volumes::default();
        let mut host_users = None;
        let mut windows = false;
        for (key, value) in faults.map(spec, at) {
            let at = at.key(key);
            match &**key {
                "containers" => lists.push((ContainerList::Main, value)),
                "initContainers" => lists.push((ContainerList::Init, value)),
                "ephemeralContainers" => lists.push((ContainerList::Ephemeral, value)),
                "hostUsers" => host_users = faults.boolean(value, &at),
                "os" => windows = read_os(value, &at, faults) == Some("windows"),
                "securityContext" => pod.read_security(value, &at, faults),
                "nodeSelector" => pod.node_keys.extend(read_node_selector(value, &at, faults)),
                "affinity" => read_affinity(value, &at, &mut pod.node_keys, faults),
                "tolerations" => pod.tolerations = read_tolerations(value, &at, faults),
                "runtimeClassName" => pod.runtime_class = faults.string(value, &at),
                "volumes" => volumes = read_volumes(value, &at, faults),
                _ => match HostNamespace::ALL.into_iter().find(|namespace| namespace.field() == key) {
                    Some(namespace) => {
                        if faults.boolean(value, &at) == Some(true) {
                            pod.host_namespaces.push(namespace);
                        }
                    }
                    None => POD_SPEC.unread(key, &at, faults),
                },
            }
        }
        pod.host_users = host_users == Some(true);
        check_host_users(host_users, &pod.host_namespaces, at, faults);
        let context = ContainerContext {
            annotations,
            spec: &at.pointer(),
            windows,
            pod_app_armor: pod.app_armor,
            host_network: pod.host_namespaces.contains(&HostNamespace::Network),
        };
        for (list, value) in lists {
            let at = at.key(list.field());
            for (index, item) in faults.list(value, &at).iter().enumerate() {
                pod.containers.push(read_container(item, list, index, &at.index(index), &context, faults));
            }
        }
        // Before volumes are removed: a volume must not be hidden by an injected one with the same name.
        unique(volumes.volumes.iter().map(|v| ("volumes", v.index, v.name)), "volume", at, faults);
        unique(pod.containers.iter().map(|c| (c.list.field(), c.index, c.name)), "container", at, faults);
        let mut known = BTreeSet::new();
        known.extend(volumes.volumes.iter().chain(&claims).map(|volume| volume.name));
        check_volumes(&pod.containers, &known, at, faults);
        check_host_ports(&pod.containers, at, faults);
        annotations.check_containers(&pod.containers, faults);
        volumes.drop_injected(&claims, &mut pod.containers);
        pod.volumes = volumes.volumes;
        pod.volumes.extend(claims);
        pod
    }

    fn read_security(&mut self, value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) {
        for (key, value) in faults.map(value, at) {
            let at = at.key(key);
            match &**key {
                "appArmorProfile" => self.app_armor = AppArmor::read(value, &at, faults),
                "windowsOptions" => self.host_process = read_host_process(value, &at, faults),
                "sysctls" => {
                    for (index, item) in faults.list(value, &at).iter().enumerate() {
                        let at = at.index(index);
                        let mut name = None;
                        for (key, value) in faults.map_item(item, &at) {
                            if key == "name" {
                                name = faults.string(value, &at.key(key));
                            }
                        }
                        if name.is_none() {
                            nameless("sysctl", &at, faults);
                        }
                        self.sysctls.extend(name);
                    }
                }
                _ => POD_SECURITY.unread(key, &at, faults),
            }
        }
    }
}

fn read_os<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Option<&'v str> {
    let mut name = None;
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        match &**key {
            "name" => name = faults.string(value, &at),
            _ => OS.unread(key, &at, faults),
        }
    }
    name
}

/// The API server refuses duplicate names; which one a rule should read would be a guess.
fn unique<'v>(
    names: impl Iterator<Item = (&'static str, usize, &'v str)>,
    what: &str,
    spec: &At<'_>,
    faults: &mut Diagnostics,
) {
    let mut seen = BTreeSet::new();
    for (list, index, name) in names {
        if !seen.insert(name) {
            let list = spec.key(list);
            let item = list.index(index);
            faults.error(
                Diagnostic::new(item.key("name").pointer(), format!("two {what}s are named `{name}`"))
                    .help(format!("give each {what} a unique name")),
            );
        }
    }
}

/// Whether `windowsOptions.hostProcess` is true.
pub(super) fn read_host_process(value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> bool {
    let mut host_process = false;
    for (key, value) in faults.map(value, at) {
        if key == "hostProcess" {
            host_process = faults.boolean(value, &at.key(key)) == Some(true);
        }
    }
    host_process
}
