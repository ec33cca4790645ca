//! `WorkloadAllowlist` objects, compiled once and asked about many workloads.

mod container;
mod digests;
mod field;
mod read;
mod set;
mod volume;

use std::sync::Arc;

use crate::constraint::Constraint;
use crate::gke_version::GkeVersion;
use crate::pattern::Matcher;
use crate::workload::{AppArmor, ContainerList, EnvSource, Handler, HostNamespace};

pub use set::{AllowlistSet, Doubled, Load};

#[cfg(feature = "kubewarden")]
pub(crate) use read::NO_CONNECT;
use read::ReadAllowlist;

/// One allowlist, ready to be compared with workloads. Paths inside it count from the object itself.
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

/// A container that an allowlist describes.
#[derive(Debug)]
pub(crate) struct AllowedContainer<'v> {
    pub(crate) list: ContainerList,
    pub(crate) index: usize,
    pub(crate) name: &'v str,
    pub(crate) image: Option<AllowedImage<'v>>,
    pub(crate) digests: Vec<[u8; 32]>,
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
}

/// `containers[].image`: a literal or a pattern.
#[derive(Debug)]
pub(crate) struct AllowedImage<'v> {
    pub(crate) text: &'v str,
    pub(crate) matcher: Arc<Matcher<'v>>,
}

/// A list of literals and patterns, with the texts kept for explanations.
#[derive(Debug, Default)]
pub(crate) struct Strings<'v> {
    pub(crate) texts: Vec<&'v str>,
    pub(crate) matcher: Matcher<'v>,
}

/// An `envFrom` source that an allowlist describes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AllowedEnvFrom<'v> {
    pub(crate) source: EnvSource,
    pub(crate) name: &'v str,
}

/// A raw block device that an allowlist describes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AllowedDevice<'v> {
    pub(crate) name: &'v str,
    pub(crate) device_path: &'v str,
}

/// A volume mount that an allowlist describes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AllowedMount<'v> {
    pub(crate) index: usize,
    pub(crate) name: &'v str,
    pub(crate) mount_path: &'v str,
    pub(crate) read_only: bool,
    /// Empty when not given: then it is not compared.
    pub(crate) sub_path: &'v str,
}

/// A volume that an allowlist describes; it may give several sources.
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

impl AllowedContainer<'_> {
    fn empty(list: ContainerList, index: usize) -> Self {
        AllowedContainer {
            list,
            index,
            name: "",
            image: None,
            digests: Vec::new(),
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
        }
    }

    pub(crate) fn path(&self, below: &str) -> String {
        let list = self.list.field();
        format!("/matchingCriteria/{list}/{}{below}", self.index)
    }
}
