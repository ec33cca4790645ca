//! From a fleet to its tree: what is refused, and what is made.

#[cfg(test)]
#[path = "fleet/faults.rs"]
mod faults;
#[cfg(test)]
#[path = "fleet/support.rs"]
mod support;
#[cfg(test)]
#[path = "fleet/trees.rs"]
mod trees;
