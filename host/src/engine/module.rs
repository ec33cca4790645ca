//! The module, as compiled by the build script.
#![expect(
    unsafe_code,
    reason = "the machine code is trusted because our own build script generated it in this build"
)]

use std::time::Duration;

use wasmtime::{Engine, InstancePre, Linker};

use super::instance::State;
use super::{Failure, Instance, clock, config};

/// The module, as loaded by admission controllers.
pub const WASM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policy.wasm"));

/// The same policy for Kubewarden's policy server, with its metadata (docs/kubewarden.md).
pub const KUBEWARDEN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kubewarden.wasm"));

/// [`WASM`] compiled to machine code for this binary's target.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policy.cwasm"));

/// The limits of a call.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The maximum memory of an instance, in bytes.
    pub memory: usize,
    /// The maximum duration of a call. Rounded up to a multiple of 50 ms.
    pub time: Duration,
}

impl Default for Limits {
    /// Hundreds of times more than the largest known manifests need.
    fn default() -> Self {
        Limits { memory: 1024 * 1024 * 1024, time: Duration::from_secs(30) }
    }
}

/// The compiled module, from which instances are created. Clones share the machine code.
#[derive(Clone)]
pub struct Module {
    pre: InstancePre<State>,
    limits: Limits,
}

impl Module {
    /// The module that this binary embeds.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] if the machine lacks what wasmtime needs.
    pub fn embedded(limits: Limits) -> Result<Self, Failure> {
        let unavailable = |error: wasmtime::Error| Failure::Unavailable(format!("{error:#}"));
        let config = config::config(env!("HALLPASS_TARGET")).map_err(unavailable)?;
        let engine = Engine::new(&config).map_err(unavailable)?;
        // SAFETY: the bytes come from `precompile_module` in the build script and cannot be replaced from outside.
        let module = unsafe { wasmtime::Module::deserialize(&engine, COMPILED) }.map_err(unavailable)?;
        // The linker is empty, so this fails if the module has imports.
        let pre = Linker::new(&engine).instantiate_pre(&module).map_err(unavailable)?;
        clock::start(&engine).map_err(|error| Failure::Unavailable(error.to_string()))?;
        Ok(Module { pre, limits })
    }

    /// Creates a fresh instance, with nothing loaded.
    pub(super) fn instance(&self) -> Result<Instance, Failure> {
        Instance::new(&self.pre, self.limits)
    }
}
