//! Every engine returns the same bytes as the native one.

mod authors;
mod browser;
mod hostile;
mod node;
pub(crate) mod question;
mod random;
mod wasmtime;
