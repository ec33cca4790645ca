//! A minimal policy server: the runtime that Kubewarden's evaluator wraps, a fresh instance for each call, and the
//! caller as the capability `kubernetes`.
#![expect(
    unsafe_code,
    reason = "machine code is trusted by who made it: the build script, in this very build"
)]

use wapc::WapcHost;
use wasmtime_provider::{EpochDeadlines, WasmtimeEngineProviderBuilder, WasmtimeEngineProviderPre};

#[path = "../../../src/engine/config.rs"]
mod config;

static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kubewarden.cwasm"));

/// Answers an operation of the capability.
pub(crate) type Host = Box<dyn Fn(&str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync>;

pub(crate) struct Server {
    pre: WasmtimeEngineProviderPre,
}

impl Server {
    /// Loads the policy, once per server.
    pub(crate) fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let engine = wasmtime::Engine::new(&config::config(env!("HALLPASS_TARGET"))?)?;
        // SAFETY: the bytes come from `precompile_module` in the build script.
        let module = unsafe { wasmtime::Module::deserialize(&engine, COMPILED) }?;
        let pre = WasmtimeEngineProviderBuilder::new().engine(engine).module(module).build_pre()?;
        Ok(Server { pre })
    }

    /// Calls the policy in a fresh instance.
    pub(crate) fn call(&self, operation: &str, payload: &[u8], host: Host) -> Result<Vec<u8>, String> {
        // The epoch never advances here, so any deadline works.
        let deadlines = EpochDeadlines { wapc_init: 1, wapc_func: 1 };
        let engine = self.pre.rehydrate(Some(deadlines)).map_err(|error| error.to_string())?;
        let callback = move |_, binding: &str, namespace: &str, operation: &str, payload: &[u8]| {
            if (binding, namespace) != ("kubewarden", "kubernetes") {
                return Err(format!("there is no `{binding}/{namespace}`").into());
            }
            host(operation, payload).map_err(Into::into)
        };
        let policy =
            WapcHost::new(Box::new(engine), Some(Box::new(callback))).map_err(|error| error.to_string())?;
        policy.call(operation, payload).map_err(|error| error.to_string())
    }
}

/// A host without a cluster.
pub(crate) fn no_cluster() -> Host {
    Box::new(|operation, _| Err(format!("`{operation}` was not to be called")))
}
