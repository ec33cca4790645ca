//! Runs the module for Kubewarden as a policy server does: a fresh instance for each call, over [waPC]. The caller answers
//! for the capability `kubernetes`.
//!
//! It uses the wasmtime that hallpass ships. Kubewarden's own runtime needs a wasmtime with other features, which takes
//! minutes to build.
//!
//! [waPC]: https://wapc.io/docs/spec/
#![expect(
    unsafe_code,
    reason = "machine code is trusted by who made it: the build script, in this very build"
)]

use wasmtime::{Engine, Extern, InstancePre, Linker, Memory, Module, Store, format_err};

#[path = "../../../host/src/engine/config.rs"]
mod config;

static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kubewarden.cwasm"));

/// Answers an operation of the capability.
pub type Host = Box<dyn Fn(&str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync>;

/// A host without a cluster.
pub fn no_cluster() -> Host {
    Box::new(|operation, _| Err(format!("`{operation}` was not to be called")))
}

/// The policy, ready to be called.
pub struct Server {
    policy: InstancePre<Call>,
}

/// The state of one call.
struct Call {
    operation: Vec<u8>,
    payload: Vec<u8>,
    host: Host,
    /// The answer to the policy's last question.
    host_answer: Result<Vec<u8>, String>,
    answer: Option<Result<Vec<u8>, String>>,
}

impl Server {
    /// Loads the policy, as a server does once.
    ///
    /// # Errors
    /// When wasmtime rejects the module.
    pub fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let engine = Engine::new(&config::config(env!("HALLPASS_TARGET"))?)?;
        // SAFETY: the bytes come from `precompile_module` in the build script.
        let module = unsafe { Module::deserialize(&engine, COMPILED) }?;
        Ok(Server { policy: linker(&engine)?.instantiate_pre(&module)? })
    }

    /// Calls the policy in a fresh instance.
    ///
    /// # Errors
    /// Returns the policy's error, or why it gave no answer.
    pub fn call(&self, operation: &str, payload: &[u8], host: Host) -> Result<Vec<u8>, String> {
        let call = Call {
            operation: operation.into(),
            payload: payload.into(),
            host,
            host_answer: Ok(Vec::new()),
            answer: None,
        };
        self.run(call).map_err(|error| format!("{error:#}"))?
    }

    fn run(&self, call: Call) -> wasmtime::Result<Result<Vec<u8>, String>> {
        let lengths = (u32::try_from(call.operation.len())?, u32::try_from(call.payload.len())?);
        let mut store = Store::new(self.policy.module().engine(), call);
        // The epoch never advances here, so any deadline works.
        store.set_epoch_deadline(1);
        let instance = self.policy.instantiate(&mut store)?;
        let guest_call = instance.get_typed_func::<(u32, u32), u32>(&mut store, "__guest_call")?;
        let succeeded = guest_call.call(&mut store, lengths)? == 1;
        match store.into_data().answer {
            Some(answer) if answer.is_ok() == succeeded => Ok(answer),
            _ => Err(format_err!("the policy gave no answer, or one that its result denies")),
        }
    }
}

type Caller<'c> = wasmtime::Caller<'c, Call>;

/// Defines all functions that waPC lets a policy import.
fn linker(engine: &Engine) -> wasmtime::Result<Linker<Call>> {
    const WAPC: &str = "wapc";
    let mut linker = Linker::new(engine);
    linker
        .func_wrap(WAPC, "__guest_request", |mut caller: Caller<'_>, operation: u32, payload: u32| {
            write(&mut caller, operation, |call| &call.operation)?;
            write(&mut caller, payload, |call| &call.payload)
        })?
        .func_wrap(WAPC, "__guest_response", |mut caller: Caller<'_>, address: u32, length: u32| {
            let answer = read(&mut caller, address, length)?;
            caller.data_mut().answer = Some(Ok(answer));
            Ok(())
        })?
        .func_wrap(WAPC, "__guest_error", |mut caller: Caller<'_>, address: u32, length: u32| {
            let error = String::from_utf8(read(&mut caller, address, length)?)?;
            caller.data_mut().answer = Some(Err(error));
            Ok(())
        })?
        .func_wrap(WAPC, "__host_call", host_call)?
        .func_wrap(WAPC, "__host_response_len", |caller: Caller<'_>| response(caller.data()).len() as u32)?
        .func_wrap(WAPC, "__host_response", |mut caller: Caller<'_>, address: u32| {
            write(&mut caller, address, response)
        })?
        .func_wrap(WAPC, "__host_error_len", |caller: Caller<'_>| error(caller.data()).len() as u32)?
        .func_wrap(WAPC, "__host_error", |mut caller: Caller<'_>, address: u32| {
            write(&mut caller, address, error)
        })?;
    Ok(linker)
}

#[expect(clippy::too_many_arguments, reason = "waPC passes each text as an address and a length")]
fn host_call(
    mut caller: Caller<'_>,
    binding: u32,
    binding_length: u32,
    namespace: u32,
    namespace_length: u32,
    operation: u32,
    operation_length: u32,
    payload: u32,
    payload_length: u32,
) -> wasmtime::Result<u32> {
    let binding = read(&mut caller, binding, binding_length)?;
    let namespace = read(&mut caller, namespace, namespace_length)?;
    let operation = String::from_utf8(read(&mut caller, operation, operation_length)?)?;
    let payload = read(&mut caller, payload, payload_length)?;
    let call = caller.data_mut();
    call.host_answer = match (binding.as_slice(), namespace.as_slice()) {
        (b"kubewarden", b"kubernetes") => (call.host)(&operation, &payload),
        _ => Err("no such capability".to_owned()),
    };
    Ok(call.host_answer.is_ok().into())
}

fn response(call: &Call) -> &[u8] {
    call.host_answer.as_deref().unwrap_or_default()
}

fn error(call: &Call) -> &[u8] {
    call.host_answer.as_ref().err().map(String::as_bytes).unwrap_or_default()
}

fn read(caller: &mut Caller<'_>, address: u32, length: u32) -> wasmtime::Result<Vec<u8>> {
    let mut bytes = vec![0; length as usize];
    memory(caller)?.read(caller, address as usize, &mut bytes)?;
    Ok(bytes)
}

fn write(caller: &mut Caller<'_>, address: u32, bytes: fn(&Call) -> &[u8]) -> wasmtime::Result<()> {
    let (memory, call) = memory(caller)?.data_and_store_mut(caller);
    let bytes = bytes(call);
    let room = memory.get_mut(address as usize..).and_then(|memory| memory.get_mut(..bytes.len()));
    room.ok_or_else(|| format_err!("a buffer lies outside the memory"))?.copy_from_slice(bytes);
    Ok(())
}

fn memory(caller: &mut Caller<'_>) -> wasmtime::Result<Memory> {
    let memory = caller.get_export("memory").and_then(Extern::into_memory);
    memory.ok_or_else(|| format_err!("the policy exports no memory"))
}
