//! The controller on a cluster. Each scenario runs on an API server in memory, whose clock jumps over the time that nothing
//! happens in, and on a real one, if KUBEBUILDER_ASSETS names a folder with etcd and kube-apiserver.
#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

mod enforcement;
mod failures;
mod files;
mod harness;
mod input;
mod laws;
mod objects;
mod outages;
mod rights;
mod rivals;
