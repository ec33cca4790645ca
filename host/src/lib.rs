//! Runs the policy in a sandbox: the Wasm module that admission controllers load, in wasmtime.
//!
//! The binary embeds the module, compiled ahead of time. [`engine::Evaluator`] loads allowlists and evaluates
//! documents. Its results are, byte for byte, those of the crate `hallpass-policy`.

pub mod engine;
