//! Builds the Wasm modules that the binary carries, and compiles them to machine code.
//!
//! A cargo of its own builds each: no module is older than its sources.

#[path = "src/engine/config.rs"]
mod config;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use hallpass_module::Abi;
use wasmtime::Engine;

/// Names the folder in which the modules are built.
const MODULES: &str = "HALLPASS_MODULES";

fn main() -> Result<(), Box<dyn Error>> {
    let host = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?);
    let repository = host.parent().ok_or("the package lies in the repository")?;
    // All that the module is made of; the build script's own code makes cargo run it again without being named.
    for source in ["Cargo.lock", "Cargo.toml", "abi", "document", "kubewarden", "policy-wasm", "re2"] {
        println!("cargo::rerun-if-changed={}", repository.join(source).display());
    }
    println!("cargo::rerun-if-env-changed={}", hallpass_module::WASM_OPT);
    println!("cargo::rerun-if-env-changed={MODULES}");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    // Set by the repository's own configuration of cargo, which counts only for a cargo that is started inside.
    let modules = env::var_os(MODULES).map_or_else(|| out.join("module"), PathBuf::from);
    let plain = build(Abi::Plain, repository, &modules)?;
    let kubewarden = build(Abi::Kubewarden, repository, &modules)?;
    let target = env::var("TARGET")?;
    println!("cargo::rustc-env=HALLPASS_TARGET={target}");
    let engine = Engine::new(&config::config(&target)?)?;
    fs::write(out.join("policy.cwasm"), engine.precompile_module(&plain)?)?;
    fs::write(out.join("policy.wasm"), plain)?;
    // For tests and the bench only: what runs it in a cluster compiles it itself.
    fs::write(out.join("kubewarden.cwasm"), engine.precompile_module(&kubewarden)?)?;
    fs::write(out.join("kubewarden.wasm"), kubewarden)?;
    Ok(())
}

fn build(abi: Abi, repository: &Path, target_dir: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    if !hallpass_module::has_target()? {
        return Err(format!(
            "the compiler has no standard library for {}: `cargo xtask setup` installs it",
            hallpass_module::TARGET
        )
        .into());
    }
    let build = hallpass_module::command(abi, repository, target_dir);
    for mut command in std::iter::once(build).chain(hallpass_module::optimization(abi, target_dir)) {
        let status = command.status()?;
        if !status.success() {
            let program = command.get_program().display();
            return Err(format!("the Wasm module does not build: {program} ended with {status}").into());
        }
    }
    Ok(fs::read(hallpass_module::finish(abi, target_dir)?)?)
}
