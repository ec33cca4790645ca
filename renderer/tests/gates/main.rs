//! Tests the emitted admission policies, health checks and manifests of the controller with objects.
#![cfg(test)]

mod admission;
mod apiserver;
mod controller;
mod crds;
mod health;
mod kubewarden;
mod laws;
mod limits;
mod paths;
mod policy;
mod status;
