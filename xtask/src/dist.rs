//! `cargo xtask dist`: the npm package and the page of docs/browser.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hallpass_module::Abi;

use crate::failure::{Failure, Result};
use crate::setup;
use crate::wasm;
use crate::workspace::{build_binary, root, run};

pub(crate) fn build() -> Result<()> {
    setup::run()?;
    make()?;
    for made in [package(), site(), page_file()] {
        println!("{}", made.display());
    }
    Ok(())
}

/// Builds what [`package`], [`site`] and [`page_file`] return.
pub(crate) fn make() -> Result<()> {
    if let Some(missing) = setup::missing_for_page() {
        return Err(Failure::new(format!("the page cannot be built: `{missing}` was not found"))
            .help("install it, or run `cargo xtask setup` as root on Debian"));
    }
    wasm::make(Abi::Browser)?;
    install_packages()?;
    make_package()?;
    let mut page = node(&["build.mjs"]);
    page.arg(package()).arg(folder());
    run(page, "node build.mjs")
}

/// Node, in the folder of the page.
pub(crate) fn node(arguments: &[&str]) -> Command {
    let mut command = Command::new("node");
    command.args(arguments).current_dir(web());
    command
}

/// The npm package.
pub(crate) fn package() -> PathBuf {
    folder().join("npm")
}

/// The page as files, for a static web server.
pub(crate) fn site() -> PathBuf {
    folder().join("site")
}

/// The page as one file.
pub(crate) fn page_file() -> PathBuf {
    folder().join("hallpass.html")
}

fn web() -> PathBuf {
    root().join("web")
}

fn folder() -> PathBuf {
    web().join("dist")
}

fn make_package() -> Result<()> {
    // With the features of the whole workspace, as the demo and the tests build it.
    let mut bindgen = Command::new(build_binary("hallpass-bindgen", "dev", &["--workspace"])?);
    bindgen.arg(wasm::module(Abi::Browser)).arg(package());
    run(bindgen, "hallpass-bindgen")?;
    let module = package().join("hallpass_bg.wasm");
    let smaller = module.with_extension("opt");
    // The version in the lock file, so that the page is the same on every machine.
    let mut wasm_opt = node(&["node_modules/binaryen/bin/wasm-opt", "-Oz"]);
    wasm_opt.args(hallpass_module::WASM_FEATURES).arg(&module).arg("--output").arg(&smaller);
    run(wasm_opt, "wasm-opt")?;
    fs::rename(&smaller, &module)
        .map_err(|error| Failure::new(format!("`{}` cannot be written: {error}", module.display())))
}

/// Installs the packages of `package-lock.json`.
fn install_packages() -> Result<()> {
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let installed = modified(&web().join("node_modules/.package-lock.json"));
    let wanted = modified(&web().join("package-lock.json"));
    if installed.is_some() && installed >= wanted {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    // Do not run the packages' install scripts.
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(web());
    run(npm, "npm ci")
}
