//! `hallpass wasm`: exports the modules that this binary embeds.

use std::path::Path;

use clap::ValueEnum as _;
use hallpass::engine::{KUBEWARDEN, WASM};
use hallpass_document::sha256_to_hex;
use sha2::{Digest as _, Sha256};

use crate::cli::{ModuleName, WasmAction};
use crate::exit::Exit;
use crate::output::pretty::print_error;
use crate::output::{file, write_stdout};

pub(crate) fn run(action: &WasmAction) -> Exit {
    match action {
        WasmAction::Export { module, output } => export(bytes(*module), output),
        WasmAction::Digest => digest(),
    }
}

fn bytes(module: ModuleName) -> &'static [u8] {
    match module {
        ModuleName::Plain => WASM,
        ModuleName::Kubewarden => KUBEWARDEN,
    }
}

fn export(module: &[u8], output: &Path) -> Exit {
    if output == Path::new("-") {
        return write_stdout(module, Exit::Success);
    }
    // An admission controller may be loading the file, which is replaced atomically.
    match file::write(output, module) {
        Ok(()) => Exit::Success,
        Err(problem) => print_error(&problem, Exit::Input),
    }
}

/// Prints the version, and the digest of the policy that `check` runs.
pub(crate) fn version() -> Exit {
    let policy = hex(WASM);
    let text = format!("hallpass {}\npolicy sha256:{policy}\n", env!("CARGO_PKG_VERSION"));
    write_stdout(text.as_bytes(), Exit::Success)
}

fn hex(module: &[u8]) -> String {
    sha256_to_hex(&Sha256::digest(module).into())
}

fn digest() -> Exit {
    let mut lines = String::new();
    for module in ModuleName::value_variants() {
        let name = module.to_possible_value().map(|value| value.get_name().to_owned());
        lines.push_str(&format!("{}  {}\n", hex(bytes(*module)), name.unwrap_or_default()));
    }
    write_stdout(lines.as_bytes(), Exit::Success)
}
