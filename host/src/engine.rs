//! The module of docs/abi.md in wasmtime: no imports, so nothing of the system is within its reach; a limit to its
//! memory; a deadline for each call.

mod answer;
mod clock;
mod config;
mod evaluator;
mod failure;
mod instance;
mod module;

pub use evaluator::{Evaluator, Policy};
pub use failure::Failure;
pub use module::{KUBEWARDEN, Limits, Module, WASM};

use instance::Instance;
