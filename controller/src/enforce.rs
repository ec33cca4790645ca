//! Enforces the allowlists of the cluster: keeps ValidatingAdmissionPolicies in step with them, so that the API server decides
//! as GKE Autopilot does.
//!
//! A round reads all allowlists, compiles them, and writes the objects that differ, in the order of [`plan`]. An error never
//! removes a policy: the one in force stays.

mod allowlists;
mod compilation;
mod coverage;
mod enforcer;
mod kind;
mod objects;
pub mod plan;
mod profile;
mod settings;
mod spec;
mod watches;
mod writing;

pub use compilation::{Allowlist, Compilation, compile, in_force};
pub use coverage::{Cover, Coverage, Gap};
pub use enforcer::{Enforcer, Stores};
pub use kind::Kind;
pub use objects::{Cached, LABEL};
pub use settings::{Engine, NAME, Rules, Settings};
pub(crate) use watches::Watched;
