//! The configuration of wasmtime. It must be the same in the build script, which compiles the module, and at run time,
//! or wasmtime rejects the module.

use wasmtime::{Config, Inlining, Result};

/// Returns the settings for machines of `triple`, without this machine's optional CPU features: the binary must run on
/// all machines of the target.
pub(super) fn config(triple: &str) -> Result<Config> {
    let mut config = Config::new();
    config.target(triple)?;
    // Lets a deadline stop the module.
    config.epoch_interruption(true);
    // rustc optimizes the module for size.
    config.compiler_inlining(Inlining::Yes);
    // The module does not use these features.
    config.wasm_simd(false).wasm_relaxed_simd(false);
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    Ok(config)
}
