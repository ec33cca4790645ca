//! Entry points for Wasm hosts: they decode, call the decision, encode.

#[cfg(feature = "abi-plain")]
mod buffers;
#[cfg(feature = "abi-plain")]
mod engine;
#[cfg(all(feature = "abi-kubewarden", target_arch = "wasm32"))]
mod kubewarden;
#[cfg(feature = "abi-plain")]
mod plain;
