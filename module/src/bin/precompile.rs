//! `precompile TRIPLE MODULE OUT`: compiles a Wasm module to machine code.

#[path = "../../../host/src/engine/config.rs"]
mod config;

use std::env;
use std::error::Error;
use std::fs;

use wasmtime::Engine;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(triple), Some(module), Some(out)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: precompile TRIPLE MODULE OUT".into());
    };
    let engine = Engine::new(&config::config(&triple)?)?;
    fs::write(out, engine.precompile_module(&fs::read(module)?)?)?;
    Ok(())
}
