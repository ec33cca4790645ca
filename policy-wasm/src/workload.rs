//! The part of a workload that any rule reads, borrowed from the document.

mod app_armor;
mod container;
mod controller;
mod handler;
mod host_ports;
mod kind;
mod place;
mod pod;
mod read;
mod refused;
mod scheduling;
mod shape;
mod unchanged;
mod volume;

use std::fmt;

use crate::image::ImageReference;
use crate::places::Places;

pub use kind::WorkloadKind;
pub use read::ReadWorkload;
pub use unchanged::is_unchanged;

pub(crate) use container::nameless;
pub(crate) use controller::COMPLETION_INDEX;
pub(crate) use handler::read_handlers;
pub(crate) use place::reads;
pub(crate) use scheduling::COMPUTE_CLASS;

/// A workload: one Pod, or the template of many.
#[derive(Clone, Debug)]
pub struct Workload<'v> {
    /// Its kind.
    pub kind: WorkloadKind,
    /// `metadata.name`, or `metadata.generateName` when only that is given.
    pub name: Option<&'v str>,
    /// The admission request's namespace, else `metadata.namespace`.
    pub namespace: Option<Namespace<'v>>,
    /// JSON pointer to the object from the document's root.
    pub pointer: String,
    /// JSON pointer to the Pod spec from the document's root.
    pub spec_pointer: String,
    /// The label that names the one allowlist to consider.
    pub matching_label: Option<MatchingLabel<'v>>,
    /// The Pod template or the object carries the annotation `autopilot.gke.io/host-port-assignment`.
    pub host_port_assignment: bool,
    /// What the Pod shares with its node, true ones only, in file order.
    pub host_namespaces: Vec<HostNamespace>,
    /// `hostUsers` is true.
    pub host_users: bool,
    /// The Pod's own `AppArmor` profile.
    pub app_armor: Option<AppArmor<'v>>,
    /// `securityContext.sysctls[].name`.
    pub sysctls: Vec<&'v str>,
    /// `securityContext.windowsOptions.hostProcess` of the Pod is true.
    pub host_process: bool,
    /// The node label keys that scheduling asks for, in file order.
    pub node_keys: Vec<NodeKey<'v>>,
    /// The taints that the Pod tolerates.
    pub tolerations: Vec<Toleration<'v>>,
    /// `runtimeClassName`
    pub runtime_class: Option<&'v str>,
    /// The volumes of the Pod template, those that the API server injects left out (rule W5), then those that a
    /// controller makes of claim templates. Each of these replaces one of its name in the Pod; both are judged (rule W2).
    pub volumes: Vec<Volume<'v>>,
    /// JSON pointer to what makes the controller give each container `JOB_COMPLETION_INDEX` (rule W2).
    pub completion_index: Option<String>,
    /// The containers of all three lists, lists and containers in file order.
    pub containers: Vec<Container<'v>>,
}

/// The namespace of a workload.
#[derive(Clone, Debug)]
pub struct Namespace<'v> {
    /// Its name.
    pub name: &'v str,
    /// JSON pointer to where it is named.
    pub path: String,
}

/// The label `cloud.google.com/matching-allowlist`.
#[derive(Clone, Debug)]
pub struct MatchingLabel<'v> {
    /// The `metadata.name` of the only allowlist that can admit.
    pub allowlist: &'v str,
    /// JSON pointer to the label.
    pub path: String,
    /// It stands on the Pod template (where GKE documents it), not only on the object.
    pub on_template: bool,
}

/// A namespace of the node that a Pod can join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostNamespace {
    /// `hostNetwork`
    Network,
    /// `hostPID`
    Pid,
    /// `hostIPC`
    Ipc,
}

impl HostNamespace {
    /// Every one.
    pub const ALL: [HostNamespace; 3] = [HostNamespace::Network, HostNamespace::Pid, HostNamespace::Ipc];

    /// The Pod spec's field.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            HostNamespace::Network => "hostNetwork",
            HostNamespace::Pid => "hostPID",
            HostNamespace::Ipc => "hostIPC",
        }
    }
}

/// An `appArmorProfile`, of a workload or an allowlist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppArmor<'v> {
    /// No confinement.
    Unconfined,
    /// The container runtime's default profile.
    RuntimeDefault,
    /// A profile loaded on the node.
    Localhost(&'v str),
}

impl fmt::Display for AppArmor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppArmor::Unconfined => f.write_str("Unconfined"),
            AppArmor::RuntimeDefault => f.write_str("RuntimeDefault"),
            AppArmor::Localhost(profile) => write!(f, "Localhost {profile}"),
        }
    }
}

/// A node label key that scheduling asks for.
#[derive(Clone, Debug)]
pub struct NodeKey<'v> {
    /// The key.
    pub key: &'v str,
    /// What the label may be: the value of a selector, or those of the operator `In`. Any other operator has none.
    pub values: Vec<&'v str>,
    /// JSON pointer from the document's root: of a selector to the value, of an affinity to the key.
    pub path: String,
    /// Where it stands.
    pub source: NodeKeySource,
}

/// Where a Pod spec asks for a node label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKeySource {
    /// `nodeSelector`
    Selector,
    /// `requiredDuringSchedulingIgnoredDuringExecution` of `affinity.nodeAffinity`
    Required,
    /// `preferredDuringSchedulingIgnoredDuringExecution` of it
    Preferred,
}

impl NodeKeySource {
    /// How a message calls it.
    pub(crate) fn named(self) -> &'static str {
        match self {
            NodeKeySource::Selector => "node selector",
            NodeKeySource::Required | NodeKeySource::Preferred => "node affinity",
        }
    }
}

/// A taint that a Pod tolerates, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Toleration<'v> {
    /// The key; empty for all.
    pub key: &'v str,
    /// The operator; empty for `Equal`.
    pub operator: &'v str,
    /// The value.
    pub value: &'v str,
    /// The effect; empty for all.
    pub effect: &'v str,
}

impl<'v> Workload<'v> {
    /// The compute classes that scheduling names, and where.
    pub(crate) fn compute_classes(&self) -> impl Iterator<Item = (&'v str, NodeKeySource)> {
        let selecting = self.node_keys.iter().filter(|node_key| node_key.key == COMPUTE_CLASS);
        selecting.flat_map(|node_key| node_key.values.iter().map(|name| (*name, node_key.source)))
    }
}

/// Which list a container stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContainerList {
    /// `containers`
    Main,
    /// `initContainers`
    Init,
    /// `ephemeralContainers`
    Ephemeral,
}

impl ContainerList {
    /// The Pod spec's field.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            ContainerList::Main => "containers",
            ContainerList::Init => "initContainers",
            ContainerList::Ephemeral => "ephemeralContainers",
        }
    }
}

/// A container.
#[derive(Clone, Debug)]
pub struct Container<'v> {
    /// The list it stands in.
    pub list: ContainerList,
    /// Its place there, from 0.
    pub index: usize,
    /// Its name.
    pub name: &'v str,
    /// Its image; one without is an error (rule W1).
    pub image: Option<ImageReference<'v>>,
    /// The entry point.
    pub command: Vec<&'v str>,
    /// The arguments.
    pub args: Vec<&'v str>,
    /// The names of environment variables.
    pub env: Vec<&'v str>,
    /// Where more of them come from.
    pub env_from: Vec<EnvFrom<'v>>,
    /// Commands that the kubelet runs inside the container.
    pub handlers: Vec<Handler<'v>>,
    /// Ports with a port on the node, in file order (rule W2 applied).
    pub host_ports: Vec<HostPort<'v>>,
    /// `securityContext.privileged` is true.
    pub privileged: bool,
    /// `capabilities.add`
    pub added_capabilities: Vec<&'v str>,
    /// `capabilities.drop`
    pub dropped_capabilities: Vec<&'v str>,
    dropped_places: Places<'v>,
    /// The container's own profile (rule W2 applied).
    pub app_armor: Option<AppArmor<'v>>,
    /// JSON pointer to the annotation that gave the profile, when no field did.
    pub app_armor_annotation: Option<String>,
    /// `procMount` is `Unmasked`.
    pub unmasked_proc: bool,
    /// `windowsOptions.hostProcess` is true.
    pub host_process: bool,
    /// The mounts, those of injected volumes left out (rule W5).
    pub mounts: Vec<VolumeMount<'v>>,
    /// The raw block devices.
    pub devices: Vec<VolumeDevice<'v>>,
}

/// One entry of `envFrom`; its source's name is the only part that any rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnvFrom<'v> {
    /// Its place in the list.
    pub index: usize,
    /// What kind of object it names.
    pub source: EnvSource,
    /// The object's name.
    pub name: &'v str,
}

/// The kinds of objects that `envFrom` can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvSource {
    /// `configMapRef`
    ConfigMap,
    /// `secretRef`
    Secret,
}

impl EnvSource {
    /// The field of an `envFrom` entry.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            EnvSource::ConfigMap => "configMapRef",
            EnvSource::Secret => "secretRef",
        }
    }

    /// The object's kind.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            EnvSource::ConfigMap => "ConfigMap",
            EnvSource::Secret => "Secret",
        }
    }
}

/// A lifecycle hook or probe that executes a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler<'v> {
    /// Which hook or probe.
    pub on: HandlerKind,
    /// Its `exec.command`.
    pub command: Vec<&'v str>,
}

/// The hooks and probes of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlerKind {
    /// `lifecycle.postStart`
    PostStart,
    /// `lifecycle.preStop`
    PreStop,
    /// `livenessProbe`
    Liveness,
    /// `readinessProbe`
    Readiness,
    /// `startupProbe`
    Startup,
}

impl HandlerKind {
    /// The field, from the container.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            HandlerKind::PostStart => "lifecycle/postStart",
            HandlerKind::PreStop => "lifecycle/preStop",
            HandlerKind::Liveness => "livenessProbe",
            HandlerKind::Readiness => "readinessProbe",
            HandlerKind::Startup => "startupProbe",
        }
    }

    /// How a message calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.field().rsplit('/').next().unwrap_or_default()
    }
}

/// A container port that takes a port of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostPort<'v> {
    /// Its place in `ports`.
    pub index: usize,
    /// The node's port.
    pub port: i32,
    /// `TCP` unless it is given.
    pub protocol: &'v str,
    /// The address of the node that takes it; empty for all.
    pub host_ip: &'v str,
    /// The manifest does not say `hostPort`: `hostNetwork` makes it so (rule W2).
    pub implied: bool,
}

/// A volume mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeMount<'v> {
    /// Its place in `volumeMounts`.
    pub index: usize,
    /// The volume's name.
    pub name: &'v str,
    /// Where the container sees it.
    pub mount_path: &'v str,
    /// `readOnly` is true.
    pub read_only: bool,
    /// The path inside the volume; empty for its root.
    pub sub_path: &'v str,
    /// `subPathExpr` is given.
    pub has_sub_path_expr: bool,
    /// `mountPropagation` is `Bidirectional`.
    pub bidirectional: bool,
}

/// A raw block device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeDevice<'v> {
    /// Its place in `volumeDevices`.
    pub index: usize,
    /// The volume's name.
    pub name: &'v str,
    /// Where the container sees it.
    pub device_path: &'v str,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume<'v> {
    /// Its place in `volumes`, or that of its template in `volumeClaimTemplates`.
    pub index: usize,
    /// Its name.
    pub name: &'v str,
    /// Its type as the manifest writes it; `emptyDir` when it gives none, as the API server has it.
    pub volume_type: &'v str,
    /// What rules read of the source.
    pub source: VolumeSource<'v>,
    /// The controller makes it of a claim template (rule W2).
    pub of_claim_template: bool,
}

/// A volume's source, as far as a rule reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeSource<'v> {
    /// `hostPath`: a path of the node.
    HostPath(&'v str),
    /// `nfs`
    Nfs {
        /// The path that the server exports.
        path: &'v str,
        /// `readOnly` is true.
        read_only: bool,
    },
    /// `gcePersistentDisk`
    GcePersistentDisk {
        /// The file system; empty when not given.
        fs_type: &'v str,
        /// The partition; 0 when not given.
        partition: i32,
        /// `readOnly` is true.
        read_only: bool,
    },
    /// `persistentVolumeClaim`
    Claim {
        /// `readOnly` is true.
        read_only: bool,
    },
    /// `configMap`
    ConfigMap {
        /// The mode of its files; 420 (octal 644) when not given.
        default_mode: i32,
    },
    /// Any other type: only its name is compared.
    Other,
}

/// `defaultMode` of a `configMap` that gives none: octal 644 (Kubernetes API, `ConfigMapVolumeSource`).
pub(crate) const CONFIG_MAP_MODE: i32 = 420;

impl Workload<'_> {
    /// JSON pointer to what `below` names in a volume; of a claim template only the name counts.
    pub(crate) fn volume_pointer(&self, volume: &Volume<'_>, below: &str) -> String {
        if volume.of_claim_template {
            format!("{}/spec/volumeClaimTemplates/{}/metadata/name", self.pointer, volume.index)
        } else {
            format!("{}/volumes/{}{below}", self.spec_pointer, volume.index)
        }
    }
}

impl Container<'_> {
    /// Whether `capabilities.drop` has it.
    pub(crate) fn drops(&self, capability: &str) -> bool {
        let list = &self.dropped_capabilities;
        let mut places = self.dropped_places.candidates((capability, ""), list.len());
        places.any(|place| list.get(place) == Some(&capability))
    }

    /// JSON pointer to the container, given the Pod spec's.
    pub(crate) fn pointer(&self, spec: &str) -> String {
        format!("{spec}/{}/{}", self.list.field(), self.index)
    }
}
