//! Builds the module for Kubewarden and compiles it to machine code, as a policy server does when it starts.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use hallpass_module::{Abi, Script};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let script = Script::new()?;
    fs::copy(script.precompile(&script.build(Abi::Kubewarden)?)?, out.join("kubewarden.cwasm"))?;
    Ok(())
}
