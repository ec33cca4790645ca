//! Whether GKE Autopilot's allowlists admit a privileged workload: the decision and its explanation.

pub mod value;

pub use value::Value;
