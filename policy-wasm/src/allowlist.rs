//! `WorkloadAllowlist` objects, compiled once and compared with many workloads.

mod candidates;
mod container;
mod digests;
mod field;
mod read;
mod set;
mod volume;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::constraint::Constraint;
use crate::gke_version::GkeVersion;
use crate::pattern::Matcher;
use hallpass_document::Places;
use hallpass_workload::{AppArmor, ContainerList, EnvSource, Handler, HostNamespace};

pub use set::{AllowlistSet, Duplicate, Load};

use candidates::Candidates;
pub use read::NO_CONNECT;
use read::ReadAllowlist;

/// A compiled allowlist. Paths are relative to the object.
#[derive(Debug)]
pub struct Allowlist<'v> {
    /// `metadata.name`
    pub name: &'v str,
    /// `minGKEVersion`
    pub min_gke_version: Option<GkeVersion>,
    pub(crate) exemptions: Exemptions,
    /// Annotation `autopilot.gke.io/no-connect`: absent counts as true (rule M14).
    pub no_connect: bool,
    /// The host namespaces that are true.
    pub host_namespaces: Vec<HostNamespace>,
    /// Whether `hostUsers` is true.
    pub host_users: bool,
    /// `securityContext.appArmorProfile`
    pub app_armor: Option<AppArmor<'v>>,
    /// `containers`, then `initContainers`.
    pub containers: Vec<AllowedContainer<'v>>,
    /// `volumes`
    pub volumes: Vec<AllowedVolume<'v>>,
    volume_places: Places<'v>,
    candidates: Candidates<'v>,
}

impl<'v> Allowlist<'v> {
    /// Whether it exempts from the constraint.
    #[must_use]
    pub fn exempts_from(&self, constraint: Constraint) -> bool {
        self.exemptions.has(constraint)
    }

    /// Returns the constraints that it exempts from.
    pub fn exemptions(&self) -> impl Iterator<Item = Constraint> {
        self.exemptions.iter()
    }

    /// Returns the volumes with a name.
    pub fn volumes_named(&self, name: &str) -> impl Iterator<Item = &AllowedVolume<'v>> {
        let places = self.volume_places.candidates((name, ""), self.volumes.len());
        places.filter_map(|place| self.volumes.get(place)).filter(move |volume| volume.name == name)
    }

    /// Returns the size of the automata of all its patterns, in states and arcs.
    fn pattern_cost(&self) -> u64 {
        let mut images = BTreeSet::new();
        let mut cost = 0;
        for container in &self.containers {
            cost += container.args.matcher.cost() + container.env.matcher.cost();
            // Containers with the same image share its automaton.
            if let Some(image) = &container.image
                && images.insert(image.text)
            {
                cost += image.matcher.cost();
            }
        }
        cost
    }

    /// Builds the indexes of its lists, when they are complete.
    fn index(&mut self) {
        self.volume_places = Places::of(self.volumes.iter().map(|volume| (volume.name, "")));
        self.candidates = Candidates::of(&self.containers);
        for container in &mut self.containers {
            container.index();
        }
    }
}

/// The exemptible constraints that an allowlist exempts from, as a bit mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exemptions(u32);

impl Exemptions {
    pub(crate) fn add(&mut self, constraint: Constraint) {
        self.0 |= constraint.bit();
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Constraint> {
        Constraint::ALL.into_iter().filter(move |constraint| self.has(*constraint))
    }

    pub(crate) fn has(self, constraint: Constraint) -> bool {
        self.0 & constraint.bit() != 0
    }
}

/// A container in an allowlist.
#[derive(Debug)]
pub struct AllowedContainer<'v> {
    /// Its list.
    pub list: ContainerList,
    /// Its index in its list.
    pub index: usize,
    /// `name`
    pub name: &'v str,
    /// `image`
    pub image: Option<AllowedImage<'v>>,
    /// `containerImageDigests` of its name, sorted. Containers with the same name share them.
    pub digests: Arc<Vec<[u8; 32]>>,
    /// `command`
    pub command: Vec<&'v str>,
    /// `args`
    pub args: Strings<'v>,
    /// The names in `env`.
    pub env: Strings<'v>,
    /// `envFrom`
    pub env_from: Vec<AllowedEnvFrom<'v>>,
    /// The commands of hooks and probes.
    pub handlers: Vec<Handler<'v>>,
    /// `securityContext.privileged`
    pub privileged: bool,
    /// `securityContext.capabilities.add`
    pub added_capabilities: Vec<&'v str>,
    /// `securityContext.capabilities.drop`
    pub dropped_capabilities: Vec<&'v str>,
    /// `securityContext.appArmorProfile`
    pub app_armor: Option<AppArmor<'v>>,
    /// `volumeMounts`
    pub mounts: Vec<AllowedMount<'v>>,
    /// `volumeDevices`
    pub devices: Vec<AllowedDevice<'v>>,
    places: ContainerPlaces<'v>,
}

/// The indexes of a container's lists.
#[derive(Debug, Default)]
struct ContainerPlaces<'v> {
    env_from: Places<'v>,
    added_capabilities: Places<'v>,
    mounts: Places<'v>,
    devices: Places<'v>,
}

/// `containers[].image`: a literal or a pattern.
#[derive(Debug)]
pub struct AllowedImage<'v> {
    /// The text as written.
    pub text: &'v str,
    /// The compiled text.
    pub matcher: Arc<Matcher<'v>>,
}

/// A list of literals and patterns. The texts are kept for explanations.
#[derive(Debug, Default)]
pub struct Strings<'v> {
    /// The texts as written.
    pub texts: Vec<&'v str>,
    /// The compiled texts.
    pub matcher: Matcher<'v>,
}

/// An `envFrom` source in an allowlist.
#[derive(Clone, Copy, Debug)]
pub struct AllowedEnvFrom<'v> {
    /// The kind of its source.
    pub source: EnvSource,
    /// `name`
    pub name: &'v str,
}

/// A raw block device in an allowlist.
#[derive(Clone, Copy, Debug)]
pub struct AllowedDevice<'v> {
    /// `name`
    pub name: &'v str,
    /// `devicePath`
    pub device_path: &'v str,
}

/// A volume mount in an allowlist.
#[derive(Clone, Copy, Debug)]
pub struct AllowedMount<'v> {
    /// Its index in its list.
    pub index: usize,
    /// `name`
    pub name: &'v str,
    /// `mountPath`
    pub mount_path: &'v str,
    /// `readOnly`
    pub read_only: bool,
    /// Empty if not set: then it is not compared.
    pub sub_path: &'v str,
}

/// A volume in an allowlist; it may have several sources.
#[derive(Clone, Debug)]
pub struct AllowedVolume<'v> {
    /// Its index in its list.
    pub index: usize,
    /// `name`
    pub name: &'v str,
    /// `hostPath.path`
    pub host_path: Option<&'v str>,
    /// `nfs`
    pub nfs: Option<AllowedNfs<'v>>,
    /// `gcePersistentDisk`
    pub disk: Option<AllowedDisk<'v>>,
    /// `persistentVolumeClaim.readOnly`
    pub claim_read_only: bool,
    /// `configMap.defaultMode`
    pub config_map_mode: i32,
}

/// `nfs` in an allowlist.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllowedNfs<'v> {
    /// `path`
    pub path: &'v str,
    /// `readOnly`
    pub read_only: bool,
}

/// `gcePersistentDisk` in an allowlist.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllowedDisk<'v> {
    /// `fsType`
    pub fs_type: &'v str,
    /// `partition`
    pub partition: i32,
    /// `readOnly`
    pub read_only: bool,
}

impl<'v> AllowedContainer<'v> {
    fn empty(list: ContainerList, index: usize) -> Self {
        AllowedContainer {
            list,
            index,
            name: "",
            image: None,
            digests: Arc::default(),
            command: Vec::new(),
            args: Strings::default(),
            env: Strings::default(),
            env_from: Vec::new(),
            handlers: Vec::new(),
            privileged: false,
            added_capabilities: Vec::new(),
            dropped_capabilities: Vec::new(),
            app_armor: None,
            mounts: Vec::new(),
            devices: Vec::new(),
            places: ContainerPlaces::default(),
        }
    }

    /// Builds the indexes of its lists, when they are complete.
    fn index(&mut self) {
        self.places = ContainerPlaces {
            env_from: Places::of(self.env_from.iter().map(|from| (from.name, from.source.field()))),
            added_capabilities: Places::of(self.added_capabilities.iter().map(|name| (*name, ""))),
            mounts: Places::of(self.mounts.iter().map(|mount| (mount.name, mount.mount_path))),
            devices: Places::of(self.devices.iter().map(|device| (device.name, device.device_path))),
        };
    }

    pub(crate) fn has_env_from(&self, source: EnvSource, name: &str) -> bool {
        let mut places = self.places.env_from.candidates((name, source.field()), self.env_from.len());
        places.any(|place| {
            self.env_from.get(place).is_some_and(|from| from.source == source && from.name == name)
        })
    }

    pub(crate) fn adds(&self, capability: &str) -> bool {
        let list = &self.added_capabilities;
        let mut places = self.places.added_capabilities.candidates((capability, ""), list.len());
        places.any(|place| list.get(place) == Some(&capability))
    }

    pub(crate) fn has_device(&self, name: &str, path: &str) -> bool {
        let mut places = self.places.devices.candidates((name, path), self.devices.len());
        places.any(|place| {
            self.devices.get(place).is_some_and(|device| device.name == name && device.device_path == path)
        })
    }

    /// Returns the mounts of a volume at a path.
    pub(crate) fn mounts_at(&self, name: &str, path: &str) -> impl Iterator<Item = &AllowedMount<'v>> {
        let places = self.places.mounts.candidates((name, path), self.mounts.len());
        let mounts = places.filter_map(|place| self.mounts.get(place));
        mounts.filter(move |mount| mount.name == name && mount.mount_path == path)
    }

    /// Returns the JSON pointer to a field, from the allowlist object.
    #[must_use]
    pub fn path(&self, below: &str) -> String {
        let list = self.list.field();
        format!("/matchingCriteria/{list}/{}{below}", self.index)
    }
}
