//! The policies decide as the decision crate does: on every case file, and on random workloads and allowlists.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod random;
#[cfg(test)]
mod support;
