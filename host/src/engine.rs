//! Runs the module of docs/abi.md in wasmtime, without imports and therefore without access to the system, with a
//! memory limit and a deadline for each call.

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
