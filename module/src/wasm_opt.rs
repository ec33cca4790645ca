//! Binaryen's `wasm-opt`, when it is there: it takes a tenth off the module. What it writes is then the module,
//! in tests as everywhere.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, Stdio};

/// Names another `wasm-opt` than that on the `PATH`; empty, it asks for none.
pub const VARIABLE: &str = "HALLPASS_WASM_OPT";

/// The features that rustc enables for the target, as arguments of `wasm-opt`. It must not use others: docs/abi.md
/// requires no more of a host.
pub const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The one to use, if it works.
pub(crate) fn program() -> Option<OsString> {
    let program = std::env::var_os(VARIABLE).unwrap_or_else(|| OsString::from("wasm-opt"));
    let mut command = Command::new(&program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success()).then_some(program)
}

/// Writes the module at `from` anew, to `to`. For speed: `-Oz` makes it a two-hundredth smaller, and slower by
/// a tenth and more.
pub(crate) fn command(program: &OsStr, from: &Path, to: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(FEATURES).args(["-O3", "--converge"]).arg(from).arg("--output").arg(to);
    command
}
