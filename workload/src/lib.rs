//! What Kubernetes reads of a workload: objects in a document, Pods and Pod templates, and the fields that admission
//! depends on, each with its JSON pointer.
//!
//! [`manifests`] unwraps lists and admission reviews; [`Workload::read`] reads one object, with the types, defaults and
//! rejections of the API server. `docs/semantics.md` lists the rules (W1 to W5) and their sources. The crate decides
//! nothing about privileges.

mod app_armor;
mod container;
mod controller;
mod handler;
mod host_ports;
mod image;
mod kind;
mod manifest;
mod parts;
mod place;
mod pod;
mod read;
mod read_places;
mod refused;
mod scheduling;
mod shape;
mod unchanged;
mod volume;
mod workload;

pub use app_armor::{APP_ARMOR_ANNOTATION, LONGEST_APP_ARMOR_PROFILE};
pub use container::nameless;
pub use controller::COMPLETION_INDEX;
pub use handler::read_handlers;
pub use host_ports::HOST_PORT_ANNOTATION;
pub use image::ImageReference;
pub use kind::WorkloadKind;
pub use manifest::{
    ALLOWLIST_GROUP, ALLOWLIST_KIND, ALLOWLIST_VERSION, Manifest, Namespace, Role, manifests,
};
pub use parts::{
    CONFIG_MAP_MODE, Container, ContainerList, EnvFrom, EnvSource, Handler, HandlerKind, HostPort, Volume,
    VolumeDevice, VolumeMount, VolumeSource,
};
pub use read::{MATCHING_LABEL, ReadWorkload};
pub use read_places::ReadPlaces;
pub use scheduling::COMPUTE_CLASS;
pub use unchanged::is_unchanged;
pub use volume::TOKEN_MOUNT_PATH;
pub use workload::{AppArmor, HostNamespace, MatchingLabel, NodeKey, NodeKeySource, Toleration, Workload};
