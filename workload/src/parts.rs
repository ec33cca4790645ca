//! The parts of a workload: its containers and volumes, as far as rules read them.

use super::AppArmor;
use crate::image::ImageReference;
use hallpass_document::Places;

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
    /// All lists.
    pub const ALL: [ContainerList; 3] = [ContainerList::Main, ContainerList::Init, ContainerList::Ephemeral];

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
    pub(super) dropped_places: Places<'v>,
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
    /// All hooks and probes.
    pub const ALL: [HandlerKind; 5] = [
        HandlerKind::PostStart,
        HandlerKind::PreStop,
        HandlerKind::Liveness,
        HandlerKind::Readiness,
        HandlerKind::Startup,
    ];

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
pub const CONFIG_MAP_MODE: i32 = 420;

impl Container<'_> {
    /// Whether `capabilities.drop` contains the capability.
    pub fn drops(&self, capability: &str) -> bool {
        let list = &self.dropped_capabilities;
        let mut places = self.dropped_places.candidates((capability, ""), list.len());
        places.any(|place| list.get(place) == Some(&capability))
    }

    /// JSON pointer to the container, given that of the Pod spec.
    #[must_use]
    pub fn pointer(&self, spec: &str) -> String {
        format!("{spec}/{}/{}", self.list.field(), self.index)
    }
}
