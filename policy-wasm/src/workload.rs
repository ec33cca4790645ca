//! The parts of a workload that rules read, borrowed from the document.

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

/// A workload: a Pod, or a template for Pods.
#[derive(Clone, Debug)]
pub struct Workload<'v> {
    /// Its kind.
    pub kind: WorkloadKind,
    /// `metadata.name`, or `metadata.generateName` if only that is set.
    pub name: Option<&'v str>,
    /// The admission request's namespace, or else `metadata.namespace`.
    pub namespace: Option<Namespace<'v>>,
    /// JSON pointer to the object from the document's root.
    pub pointer: String,
    /// JSON pointer to the Pod spec from the document's root.
    pub spec_pointer: String,
    /// The label that selects the only allowlist to consider.
    pub matching_label: Option<MatchingLabel<'v>>,
    /// Whether the Pod template or the object has the annotation `autopilot.gke.io/host-port-assignment`.
    pub host_port_assignment: bool,
    /// The host namespaces that the Pod joins, in file order.
    pub host_namespaces: Vec<HostNamespace>,
    /// Whether `hostUsers` is true.
    pub host_users: bool,
    /// The Pod's own `AppArmor` profile.
    pub app_armor: Option<AppArmor<'v>>,
    /// `securityContext.sysctls[].name`.
    pub sysctls: Vec<&'v str>,
    /// Whether `securityContext.windowsOptions.hostProcess` of the Pod is true.
    pub host_process: bool,
    /// The node label keys that scheduling selects by, in file order.
    pub node_keys: Vec<NodeKey<'v>>,
    /// The taints that the Pod tolerates.
    pub tolerations: Vec<Toleration<'v>>,
    /// `runtimeClassName`
    pub runtime_class: Option<&'v str>,
    /// The volumes of the Pod template, without those that the API server injects (rule W5), followed by those that a
    /// controller creates from claim templates. The latter replace volumes with the same name in the Pod; both are
    /// evaluated (rule W2).
    pub volumes: Vec<Volume<'v>>,
    /// JSON pointer to the field because of which the controller sets `JOB_COMPLETION_INDEX` in each container (rule
    /// W2).
    pub completion_index: Option<String>,
    /// The containers of all three lists, in file order.
    pub containers: Vec<Container<'v>>,
}

/// The namespace of a workload.
#[derive(Clone, Debug)]
pub struct Namespace<'v> {
    /// Its name.
    pub name: &'v str,
    /// JSON pointer to the namespace.
    pub path: String,
}

/// The label `cloud.google.com/matching-allowlist`.
#[derive(Clone, Debug)]
pub struct MatchingLabel<'v> {
    /// The `metadata.name` of the only allowlist to consider.
    pub allowlist: &'v str,
    /// JSON pointer to the label.
    pub path: String,
    /// Whether the Pod template has the label, as GKE documents, and not only the object.
    pub on_template: bool,
}

/// A host namespace that a Pod can join.
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
    /// All host namespaces.
    pub const ALL: [HostNamespace; 3] = [HostNamespace::Network, HostNamespace::Pid, HostNamespace::Ipc];

    /// Returns the field of the Pod spec.
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

/// A node label key that scheduling selects by.
#[derive(Clone, Debug)]
pub struct NodeKey<'v> {
    /// The key.
    pub key: &'v str,
    /// The accepted values: that of a selector, or those of the operator `In`. Empty for other operators.
    pub values: Vec<&'v str>,
    /// JSON pointer from the document's root: to the value of a selector, or to the key of an affinity.
    pub path: String,
    /// The field that contains it.
    pub source: NodeKeySource,
}

/// A field of a Pod spec that selects nodes by label.
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
    /// Returns the name in messages.
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
    /// Returns the compute classes that scheduling selects, and where.
    pub(crate) fn compute_classes(&self) -> impl Iterator<Item = (&'v str, NodeKeySource)> {
        let selecting = self.node_keys.iter().filter(|node_key| node_key.key == COMPUTE_CLASS);
        selecting.flat_map(|node_key| node_key.values.iter().map(|name| (*name, node_key.source)))
    }
}

/// The list that contains a container.
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
    /// Returns the field of the Pod spec.
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
    /// The list that contains it.
    pub list: ContainerList,
    /// Its index in the list, from 0.
    pub index: usize,
    /// Its name.
    pub name: &'v str,
    /// Its image. A missing image is an error (rule W1).
    pub image: Option<ImageReference<'v>>,
    /// The entry point.
    pub command: Vec<&'v str>,
    /// The arguments.
    pub args: Vec<&'v str>,
    /// The names of environment variables.
    pub env: Vec<&'v str>,
    /// The sources of further environment variables.
    pub env_from: Vec<EnvFrom<'v>>,
    /// Commands that the kubelet runs inside the container.
    pub handlers: Vec<Handler<'v>>,
    /// Ports with a host port, in file order (after rule W2).
    pub host_ports: Vec<HostPort<'v>>,
    /// Whether `securityContext.privileged` is true.
    pub privileged: bool,
    /// `capabilities.add`
    pub added_capabilities: Vec<&'v str>,
    /// `capabilities.drop`
    pub dropped_capabilities: Vec<&'v str>,
    dropped_places: Places<'v>,
    /// The container's own profile (after rule W2).
    pub app_armor: Option<AppArmor<'v>>,
    /// JSON pointer to the annotation that set the profile, if no field did.
    pub app_armor_annotation: Option<String>,
    /// Whether `procMount` is `Unmasked`.
    pub unmasked_proc: bool,
    /// Whether `windowsOptions.hostProcess` is true.
    pub host_process: bool,
    /// The mounts, without those of injected volumes (rule W5).
    pub mounts: Vec<VolumeMount<'v>>,
    /// The raw block devices.
    pub devices: Vec<VolumeDevice<'v>>,
}

/// An entry of `envFrom`. Rules read only the name of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnvFrom<'v> {
    /// Its index in the list.
    pub index: usize,
    /// The kind of object.
    pub source: EnvSource,
    /// The object's name.
    pub name: &'v str,
}

/// The kinds of objects that `envFrom` can refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvSource {
    /// `configMapRef`
    ConfigMap,
    /// `secretRef`
    Secret,
}

impl EnvSource {
    /// Returns the field of an `envFrom` entry.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            EnvSource::ConfigMap => "configMapRef",
            EnvSource::Secret => "secretRef",
        }
    }

    /// Returns the kind of the object.
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
    /// The hook or probe.
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
    /// Returns the path of the field in the container.
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

    /// Returns the name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.field().rsplit('/').next().unwrap_or_default()
    }
}

/// A container port with a host port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostPort<'v> {
    /// Its index in `ports`.
    pub index: usize,
    /// The host port.
    pub port: i32,
    /// `TCP` if not set.
    pub protocol: &'v str,
    /// The host address; empty for all.
    pub host_ip: &'v str,
    /// Whether the manifest has no `hostPort`, and `hostNetwork` implies it (rule W2).
    pub implied: bool,
}

/// A volume mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeMount<'v> {
    /// Its index in `volumeMounts`.
    pub index: usize,
    /// The volume's name.
    pub name: &'v str,
    /// The path in the container.
    pub mount_path: &'v str,
    /// Whether `readOnly` is true.
    pub read_only: bool,
    /// The path inside the volume; empty for its root.
    pub sub_path: &'v str,
    /// Whether `subPathExpr` is set.
    pub has_sub_path_expr: bool,
    /// Whether `mountPropagation` is `Bidirectional`.
    pub bidirectional: bool,
}

/// A raw block device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeDevice<'v> {
    /// Its index in `volumeDevices`.
    pub index: usize,
    /// The volume's name.
    pub name: &'v str,
    /// The path in the container.
    pub device_path: &'v str,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume<'v> {
    /// Its index in `volumes`, or that of its template in `volumeClaimTemplates`.
    pub index: usize,
    /// Its name.
    pub name: &'v str,
    /// Its type as written in the manifest; `emptyDir` if it has none, as in the API server.
    pub volume_type: &'v str,
    /// The fields of the source that rules read.
    pub source: VolumeSource<'v>,
    /// Whether the controller creates it from a claim template (rule W2).
    pub of_claim_template: bool,
}

/// The fields of a volume's source that rules read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeSource<'v> {
    /// `hostPath`: a path on the node.
    HostPath(&'v str),
    /// `nfs`
    Nfs {
        /// The path that the server exports.
        path: &'v str,
        /// Whether `readOnly` is true.
        read_only: bool,
    },
    /// `gcePersistentDisk`
    GcePersistentDisk {
        /// The file system; empty if not set.
        fs_type: &'v str,
        /// The partition; 0 if not set.
        partition: i32,
        /// Whether `readOnly` is true.
        read_only: bool,
    },
    /// `persistentVolumeClaim`
    Claim {
        /// Whether `readOnly` is true.
        read_only: bool,
    },
    /// `configMap`
    ConfigMap {
        /// The mode of its files; 420 (octal 644) if not set.
        default_mode: i32,
    },
    /// Any other type: only its name is compared.
    Other,
}

/// The default of `defaultMode` in a `configMap`: octal 644 (Kubernetes API, `ConfigMapVolumeSource`).
pub(crate) const CONFIG_MAP_MODE: i32 = 420;

impl Workload<'_> {
    /// JSON pointer to the field `below` in a volume; for a claim template, always to the name.
    pub(crate) fn volume_pointer(&self, volume: &Volume<'_>, below: &str) -> String {
        if volume.of_claim_template {
            format!("{}/spec/volumeClaimTemplates/{}/metadata/name", self.pointer, volume.index)
        } else {
            format!("{}/volumes/{}{below}", self.spec_pointer, volume.index)
        }
    }
}

impl Container<'_> {
    /// Whether `capabilities.drop` contains the capability.
    pub(crate) fn drops(&self, capability: &str) -> bool {
        let list = &self.dropped_capabilities;
        let mut places = self.dropped_places.candidates((capability, ""), list.len());
        places.any(|place| list.get(place) == Some(&capability))
    }

    /// JSON pointer to the container, given that of the Pod spec.
    pub(crate) fn pointer(&self, spec: &str) -> String {
        format!("{spec}/{}/{}", self.list.field(), self.index)
    }
}
