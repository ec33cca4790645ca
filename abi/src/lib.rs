//! The plain ABI: five functions and a memory, without imports. `docs/abi.md` specifies it for hosts.
#![expect(unsafe_code, reason = "a host finds the entry points by their names, which an attribute must keep")]

mod buffers;
mod state;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use buffers::Buffers;
use state::{Refusal, State};

/// Incremented if a host that follows an older version of `docs/abi.md` could break.
const VERSION: u32 = 1;

/// A capacity for most responses: growing a response copies it.
const ANSWER: usize = 4096;

#[derive(Default)]
struct Module {
    buffers: Buffers,
    state: State,
}

static MODULE: Mutex<Option<Module>> = Mutex::new(None);

fn module() -> MutexGuard<'static, Option<Module>> {
    // A panic is a trap, after which no host may call again, so no partial state is visible.
    MODULE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the version of the ABI.
#[unsafe(no_mangle)]
extern "C" fn hallpass_abi_version() -> u32 {
    VERSION
}

/// Allocates a buffer for a request; returns 0 if the allocation fails.
#[unsafe(no_mangle)]
extern "C" fn hallpass_alloc(length: u32) -> u32 {
    let mut module = module();
    narrow(module.get_or_insert_default().buffers.alloc(length as usize))
}

/// Frees a buffer; returns 0, or 1 if the host owns no such buffer.
#[unsafe(no_mangle)]
extern "C" fn hallpass_free(address: u32, length: u32) -> u32 {
    let mut module = module();
    let buffer = module.get_or_insert_default().buffers.take(address as usize, length as usize);
    u32::from(buffer.is_none())
}

/// Loads a profile, options and allowlists. Takes ownership of the request's buffer, and returns a response buffer.
#[unsafe(no_mangle)]
extern "C" fn hallpass_load(address: u32, length: u32) -> u64 {
    answer(address, length, |state, request| state.load(request.into_vec()))
}

/// Evaluates a document. Takes ownership of the request's buffer, and returns a response buffer.
#[unsafe(no_mangle)]
extern "C" fn hallpass_decide(address: u32, length: u32) -> u64 {
    answer(address, length, |state, request| state.decide(&request))
}

fn answer<T: Serialize>(
    address: u32,
    length: u32,
    call: impl FnOnce(&mut State, Box<[u8]>) -> Result<T, Refusal>,
) -> u64 {
    let mut module = module();
    let Module { buffers, state } = module.get_or_insert_default();
    let outcome = match buffers.take(address as usize, length as usize) {
        Some(request) => call(state, request),
        None => {
            Err(Refusal::new(format!("no buffer of {length} bytes is at {address}: ask `alloc` for one")))
        }
    };
    let mut json = Vec::with_capacity(ANSWER);
    let written = match &outcome {
        Ok(answer) => serde_json::to_writer(&mut json, answer),
        Err(refusal) => serde_json::to_writer(&mut json, refusal),
    };
    // Serializing plain data to memory cannot fail; an empty response would show the error.
    if written.is_err() {
        json.clear();
    }
    let length = json.len();
    u64::from(narrow(buffers.give(json))) << 32 | u64::from(narrow(length))
}

/// Converts addresses and lengths of Wasm's 32-bit memory; returns 0 for larger values.
fn narrow(size: usize) -> u32 {
    u32::try_from(size).unwrap_or_default()
}
