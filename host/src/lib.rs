//! The policy in a sandbox: the Wasm module that gatekeepers load, run by wasmtime.
//!
//! The binary carries the module, compiled ahead of time. [`engine::Evaluator`] puts allowlists in force and judges
//! documents; what it answers is, byte for byte, what the crate `hallpass-policy` answers natively.

pub mod engine;
