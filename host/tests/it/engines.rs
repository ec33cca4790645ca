//! Every engine answers, byte for byte, what the native one answers.

mod browser;
mod hostile;
mod node;
pub(crate) mod question;
mod random;
mod wasmtime;
