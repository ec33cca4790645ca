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
    pub(crate) min_gke_version: Option<GkeVersion>,
    pub(crate) exemptions: Exemptions,
    /// Annotation `autopilot.gke.io/no-connect`: absent counts as true (rule M14).
    pub(crate) no_connect: bool,
    pub(crate) host_namespaces: Vec<HostNamespace>,
    pub(crate) host_users: bool,
    pub(crate) app_armor: Option<AppArmor<'v>>,
    pub(crate) containers: Vec<AllowedContainer<'v>>,
    pub(crate) volumes: Vec<AllowedVolume<'v>>,
    volume_places: Places<'v>,
    candidates: Candidates<'v>,
}

impl<'v> Allowlist<'v> {
    /// Whether it exempts from the constraint.
    #[must_use]
    pub fn exempts_from(&self, constraint: Constraint) -> bool {
        self.exemptions.has(constraint)
    }

    /// Returns the volumes with a name.
    pub(crate) fn volumes_named(&self, name: &str) -> impl Iterator<Item = &AllowedVolume<'v>> {
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
pub(crate) struct AllowedContainer<'v> {
    pub(crate) list: ContainerList,
    pub(crate) index: usize,
    pub(crate) name: &'v str,
    pub(crate) image: Option<AllowedImage<'v>>,
    /// Sorted. Containers with the same name share them.
    pub(crate) digests: Arc<Vec<[u8; 32]>>,
    pub(crate) command: Vec<&'v str>,
    pub(crate) args: Strings<'v>,
    pub(crate) env: Strings<'v>,
    pub(crate) env_from: Vec<AllowedEnvFrom<'v>>,
    pub(crate) handlers: Vec<Handler<'v>>,
    pub(crate) privileged: bool,
    pub(crate) added_capabilities: Vec<&'v str>,
    pub(crate) dropped_capabilities: Vec<&'v str>,
    pub(crate) app_armor: Option<AppArmor<'v>>,
    pub(crate) mounts: Vec<AllowedMount<'v>>,
    pub(crate) devices: Vec<AllowedDevice<'v>>,
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
pub(crate) struct AllowedImage<'v> {
    pub(crate) text: &'v str,
    pub(crate) matcher: Arc<Matcher<'v>>,
}

/// A list of literals and patterns. The texts are kept for explanations.
#[derive(Debug, Default)]
pub(crate) struct Strings<'v> {
    pub(crate) texts: Vec<&'v str>,
    pub(crate) matcher: Matcher<'v>,
}

/// An `envFrom` source in an allowlist.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AllowedEnvFrom<'v> {
    pub(crate) source: EnvSource,
    pub(crate) name: &'v str,
}

/// A raw block device in an allowlist.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AllowedDevice<'v> {
    pub(crate) name: &'v str,
    pub(crate) device_path: &'v str,
}

/// A volume mount in an allowlist.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AllowedMount<'v> {
    pub(crate) index: usize,
    pub(crate) name: &'v str,
    pub(crate) mount_path: &'v str,
    pub(crate) read_only: bool,
    /// Empty if not set: then it is not compared.
    pub(crate) sub_path: &'v str,
}

/// A volume in an allowlist; it may have several sources.
#[derive(Clone, Debug)]
pub(crate) struct AllowedVolume<'v> {
    pub(crate) index: usize,
    pub(crate) name: &'v str,
    pub(crate) host_path: Option<&'v str>,
    pub(crate) nfs: Option<AllowedNfs<'v>>,
    pub(crate) disk: Option<AllowedDisk<'v>>,
    /// `persistentVolumeClaim.readOnly`
    pub(crate) claim_read_only: bool,
    /// `configMap.defaultMode`
    pub(crate) config_map_mode: i32,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AllowedNfs<'v> {
    pub(crate) path: &'v str,
    pub(crate) read_only: bool,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AllowedDisk<'v> {
    pub(crate) fs_type: &'v str,
    pub(crate) partition: i32,
    pub(crate) read_only: bool,
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

    pub(crate) fn path(&self, below: &str) -> String {
        let list = self.list.field();
        format!("/matchingCriteria/{list}/{}{below}", self.index)
    }
}
