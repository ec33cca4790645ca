//! Tests the emitted admission policies, health checks and manifests of the controller with objects.

#[cfg(test)]
mod admission;
#[cfg(test)]
mod apiserver;
#[cfg(test)]
#[cfg(test)]
mod controller;
#[cfg(test)]
mod crds;
#[cfg(test)]
mod health;
#[cfg(test)]
mod kubewarden;
mod laws;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod status;
