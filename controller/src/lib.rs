//! Installs the WorkloadAllowlists that AllowlistSynchronizers name, keeps them as they are published, and reports their state:
//! outside GKE, what Google's controller does on GKE.
//!
//! [`plan`] decides, without a clock or a network; [`Context::sync`](sync::Context::sync) carries a plan out.

mod candidates;
pub mod claim;
pub mod cluster;
mod conflicts;
pub mod contents;
pub mod enforce;
pub mod http;
pub mod leader;
pub mod location;
pub mod metrics;
pub mod object;
pub mod once;
mod outcomes;
pub mod plan;
mod report;
pub mod round;
pub mod run;
pub mod seen;
pub mod settings;
pub mod source;
pub mod status;
pub mod sync;
pub mod wait;
mod write;
