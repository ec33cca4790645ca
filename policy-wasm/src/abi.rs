//! Entry points for Wasm hosts: they decode, call the decision, encode.

mod buffers;
mod engine;
mod plain;
