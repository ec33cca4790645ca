//! Builds the Wasm modules that the binary embeds, and compiles the one that it runs to machine code.
//!
//! A separate cargo builds each module, so that no module is older than its sources.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use hallpass_module::{Abi, Script};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let script = Script::new()?;
    let plain = script.build(Abi::Plain)?;
    fs::copy(script.precompile(&plain)?, out.join("policy.cwasm"))?;
    fs::copy(plain, out.join("policy.wasm"))?;
    fs::copy(script.build(Abi::Kubewarden)?, out.join("kubewarden.wasm"))?;
    Ok(())
}
