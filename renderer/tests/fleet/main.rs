//! From a fleet to its tree: errors and output.
#![cfg(test)]

mod additions;
mod cel;
mod comparison;
mod faults;
mod kinds;
mod laws;
mod manifests;
mod support;
mod trees;
mod values;
