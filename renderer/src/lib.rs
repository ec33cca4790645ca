//! Renders a `Fleet` into manifests that install partner allowlists from Git, in order, or forbid them.
//!
//! [`Fleet::read`] checks a fleet and [`render`] returns files; neither accesses a disk.

mod additions;
pub mod admission;
mod argo;
mod cel;
pub mod comparison;
pub mod compiled;
pub mod controller;
mod digest;
mod file;
mod fleet;
mod flux;
pub mod health;
pub mod kubewarden;
mod kustomize;
mod lock;
pub mod object;
mod output_path;
pub mod partners;
mod policy;
mod render;
mod shared;
pub mod status;
mod synchronizer;
pub mod tree;

pub use additions::{Addition, additions};
pub use cel::WorkloadPolicies;
pub use digest::Digest;
pub use file::File;
pub use fleet::{Fleet, Output, ReadFleet, TreePath, Wanted};
pub use object::Object;
pub use output_path::unfit;
pub use render::{HEAD, first_line, render};
