//! Variables that describe the workload of a request, as `hallpass_workload` reads it (rules W2, W4 and W5).
//!
//! The API server has validated and defaulted the object before admission policies see it. Fields may still be absent.

mod app_armor;
mod containers;
mod host_ports;
mod node_keys;
mod pod;
mod unchanged;
mod volumes;

pub(crate) use app_armor::text as app_armor;
pub(crate) use containers::{Listed, handler_field};
pub(crate) use node_keys::{NodeKeys, Requirement, any_class, any_demanded_class};
pub(crate) use pod::label_is;

use crate::variable::Variable;

/// Returns the variables that every policy needs, in the order of their dependencies.
pub(crate) fn variables() -> Vec<Variable> {
    let mut variables = pod::variables();
    variables.extend(unchanged::variables());
    variables.extend(app_armor::variables());
    variables.extend(volumes::variables());
    variables.extend(containers::variables());
    variables.extend(node_keys::variables());
    variables.extend(host_ports::variables());
    variables
}
