//! The controller on a cluster. Each scenario runs on an API server in memory, whose clock jumps over the time that nothing
//! happens in, and on a real one, if KUBEBUILDER_ASSETS names a folder with etcd and kube-apiserver.

#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(test)]
mod enforcement;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod files;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod input;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod rivals;
