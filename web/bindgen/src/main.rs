//! Builds the npm package of the browser module: `hallpass-bindgen MODULE FOLDER`.
//!
//! A separate program, so that `cargo xtask` does not have to compile wasm-bindgen's tools.

use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use hallpass_browser::typescript;
use wasm_bindgen_cli_support::Bindgen;

/// Files of the package that are not generated.
const FILES: [(&str, &str); 6] = [
    ("package.json", include_str!("../../npm/package.json")),
    ("README.md", include_str!("../../npm/README.md")),
    ("LICENSE", include_str!("../../../LICENSE")),
    ("node.js", include_str!("../../npm/node.js")),
    ("policy.js", include_str!("../../npm/policy.js")),
    ("web.js", include_str!("../../npm/web.js")),
];

/// The declarations of the functions. wasm-bindgen's need the DOM library, and declare internal exports.
const FUNCTIONS: &str = include_str!("../../npm/hallpass.d.ts");

/// The base name of the files that wasm-bindgen writes.
const NAME: &str = "hallpass";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("usage: hallpass-bindgen MODULE FOLDER");
        return ExitCode::from(2);
    };
    match make(&PathBuf::from(module), &PathBuf::from(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(module: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(NAME).typescript(false).web(true)?;
    bindgen.omit_default_module_path(false).remove_name_section(true).remove_producers_section(true);
    bindgen.generate(folder)?;
    fs::write(folder.join(format!("{NAME}.d.ts")), FUNCTIONS.to_owned() + &typescript::declarations())?;
    for (name, text) in FILES {
        fs::write(folder.join(name), filled(text))?;
    }
    Ok(())
}

/// Fills the version and the repository, or leaves out the line of a repository that has no URL yet.
fn filled(text: &str) -> String {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let lines = text.split_inclusive('\n');
    let known = lines.filter(|line| !repository.is_empty() || !line.contains("{repository}"));
    known
        .collect::<String>()
        .replace("{version}", env!("CARGO_PKG_VERSION"))
        .replace("{repository}", repository)
}
