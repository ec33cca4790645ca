//! The policies decide as the decision crate does: on every case file, and on random workloads and allowlists.
#![cfg(test)]

mod apiserver;
mod cases;
mod differences;
mod hostile;
mod limits;
mod random;
mod support;
mod text;
mod updates;
