//! How wasmtime is set up: alike where the build script compiles the module and where it is run, or the module
//! would be refused.

use wasmtime::{Config, Inlining, Result};

/// The settings for machines of `triple`, whatever this machine's processor can do beyond that: a binary built on one
/// runs on all.
pub(super) fn config(triple: &str) -> Result<Config> {
    let mut config = Config::new();
    config.target(triple)?;
    // Lets a deadline stop the module.
    config.epoch_interruption(true);
    // rustc has built the module for size.
    config.compiler_inlining(Inlining::Yes);
    // The module has none of what these are for.
    config.wasm_simd(false).wasm_relaxed_simd(false);
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    Ok(config)
}
