//! An API server in memory, a network that fails on request, and what tests need to describe a cluster.

pub(crate) mod memory;
pub(crate) mod network;
pub(crate) mod web;
pub(crate) mod world;
