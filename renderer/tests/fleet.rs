//! From a fleet to its tree: errors and output.

#[cfg(test)]
#[path = "fleet/additions.rs"]
mod additions;
#[cfg(test)]
#[path = "fleet/cel.rs"]
mod cel;
#[cfg(test)]
#[path = "fleet/comparison.rs"]
mod comparison;
#[cfg(test)]
#[path = "fleet/faults.rs"]
mod faults;
#[cfg(test)]
#[path = "fleet/kinds.rs"]
mod kinds;
#[cfg(test)]
#[path = "fleet/laws.rs"]
mod laws;
#[cfg(test)]
#[path = "fleet/manifests.rs"]
mod manifests;
#[cfg(test)]
#[path = "fleet/support.rs"]
mod support;
#[cfg(test)]
#[path = "fleet/trees.rs"]
mod trees;
#[cfg(test)]
#[path = "fleet/values.rs"]
mod values;
