//! Every engine answers, byte for byte, what the native one answers.

mod hostile;
mod node;
mod question;
mod random;
mod wasmtime;
