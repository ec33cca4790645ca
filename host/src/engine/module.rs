//! The module, as the build script compiled it.
#![expect(
    unsafe_code,
    reason = "machine code is trusted by who made it: our own build script, in this very build"
)]

use std::time::Duration;

use wasmtime::{Engine, InstancePre, Linker};

use super::instance::State;
use super::{Failure, Instance, clock, config};

/// The module's bytes, as a gatekeeper would load them.
pub const WASM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policy.wasm"));

/// The same policy for Kubewarden's policy server, with its metadata (docs/kubewarden.md).
pub const KUBEWARDEN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kubewarden.wasm"));

/// [`WASM`] as machine code for this binary's target.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policy.cwasm"));

/// What one call may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of memory that an instance may hold.
    pub memory: usize,
    /// How long a call may take, on the clock. Fractions of 50 ms count as 50 ms.
    pub time: Duration,
}

impl Default for Limits {
    /// Some hundred times what the largest manifests in the field need.
    fn default() -> Self {
        Limits { memory: 1024 * 1024 * 1024, time: Duration::from_secs(30) }
    }
}

/// The module, ready to make instances. A clone shares the machine code.
#[derive(Clone)]
pub struct Module {
    pre: InstancePre<State>,
    limits: Limits,
}

impl Module {
    /// The module that this binary carries.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the machine lacks what wasmtime needs.
    pub fn embedded(limits: Limits) -> Result<Self, Failure> {
        let unavailable = |error: wasmtime::Error| Failure::Unavailable(format!("{error:#}"));
        let config = config::config(env!("HALLPASS_TARGET")).map_err(unavailable)?;
        let engine = Engine::new(&config).map_err(unavailable)?;
        // SAFETY: these bytes come out of `precompile_module` in the build script and cannot be replaced from outside.
        let module = unsafe { wasmtime::Module::deserialize(&engine, COMPILED) }.map_err(unavailable)?;
        // An empty linker: were there an import, this would fail.
        let pre = Linker::new(&engine).instantiate_pre(&module).map_err(unavailable)?;
        clock::start(&engine).map_err(|error| Failure::Unavailable(error.to_string()))?;
        Ok(Module { pre, limits })
    }

    /// A fresh instance, with nothing loaded.
    pub(super) fn instance(&self) -> Result<Instance, Failure> {
        Instance::new(&self.pre, self.limits)
    }
}
