//! Compiles a module to machine code, in a separate program.
//!
//! The compiler takes as long to build as the rest of hallpass. A build script that depended on it would build it again for
//! each profile and each selection of packages; the program is built once.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// What the machine code depends on in addition to the module: the version of wasmtime and its settings.
const INPUTS: [&str; 3] = ["Cargo.lock", "host/src/engine/config.rs", "module/src/bin/precompile.rs"];

/// Compiles a module for `triple` and returns the path of the machine code.
///
/// # Errors
/// When the compiler does not build, or rejects the module.
pub(crate) fn precompile(
    module: &Path,
    triple: &str,
    repository: &Path,
    target_dir: &Path,
) -> io::Result<PathBuf> {
    let mut build = super::cargo(repository, target_dir);
    // This cargo inherits clippy's wrapper, if there is one: nothing else lints the program.
    build.args(["build", "--quiet", "--locked", "--package", "hallpass-module"]);
    build.args(["--features", "precompile", "--bin", "precompile"]);
    super::run(build)?;
    let compiled = module.with_extension(format!("{triple}.cwasm"));
    let inputs = INPUTS.map(|input| repository.join(input));
    if !is_newer(&compiled, inputs.iter().map(PathBuf::as_path).chain([module]))? {
        let program = target_dir.join("debug").join(format!("precompile{}", std::env::consts::EXE_SUFFIX));
        let mut compile = std::process::Command::new(program);
        compile.arg(triple).arg(module).arg(&compiled);
        super::run(compile)?;
    }
    Ok(compiled)
}

fn is_newer<'p>(file: &Path, mut inputs: impl Iterator<Item = &'p Path>) -> io::Result<bool> {
    let Ok(time) = fs::metadata(file).and_then(|file| file.modified()) else { return Ok(false) };
    inputs.try_fold(true, |newer, input| Ok(newer && fs::metadata(input)?.modified()? < time))
}
