//! The policies decide as the decision crate does: on every case file, and on random workloads and allowlists.

#[cfg(test)]
mod apiserver;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod differences;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod random;
#[cfg(test)]
mod support;
#[cfg(test)]
mod text;
#[cfg(test)]
mod updates;
