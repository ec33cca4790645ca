//! Builds the three Wasm modules: plain (docs/abi.md), for Kubewarden (docs/kubewarden.md) and for JavaScript
//! (docs/browser.md).
//!
//! The build script of the command line builds the modules that the binary embeds, and `cargo xtask` those that it tests
//! and publishes.
//!
//! The bytes depend only on the sources, the lock file and the compiler: not on the folder of the repository, and not on
//! settings of the outer build.

pub mod home;
mod metadata;
mod precompile;
mod script;
mod wasm_opt;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

pub use metadata::SECTION as METADATA;
use precompile::precompile;
pub use script::Script;
pub use wasm_opt::FEATURES as WASM_FEATURES;
pub use wasm_opt::VARIABLE as WASM_OPT;

/// A module, named by how hosts call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abi {
    /// docs/abi.md: any host.
    Plain,
    /// docs/kubewarden.md: Kubewarden's policy server.
    Kubewarden,
    /// docs/browser.md: JavaScript, with the code that wasm-bindgen generates.
    Browser,
}

impl Abi {
    /// All modules.
    pub const ALL: [Abi; 3] = [Abi::Plain, Abi::Kubewarden, Abi::Browser];

    /// Returns the name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Abi::Plain => "plain",
            Abi::Kubewarden => "kubewarden",
            Abi::Browser => "browser",
        }
    }

    /// Returns the package with its entry points.
    #[must_use]
    pub fn package(self) -> &'static str {
        match self {
            Abi::Plain => "hallpass-abi",
            Abi::Kubewarden => "hallpass-kubewarden",
            // It also reads YAML.
            Abi::Browser => "hallpass-browser",
        }
    }

    /// Returns the settings that differ from the profile `wasm`. A separate profile would build every procedural macro again.
    fn config(self) -> &'static [&'static str] {
        match self {
            Abi::Plain | Abi::Kubewarden => &[],
            // A page waits for every byte of its module, and judges a few documents at a time.
            Abi::Browser => &["--config", "profile.wasm.opt-level='z'"],
        }
    }
}

/// The target of all modules: Wasm without an operating system.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The profile of the workspace's `Cargo.toml` that modules are built with.
const PROFILE: &str = "wasm";

/// Variables that an outer cargo or a developer sets for native code.
const NOT_INHERITED: [&str; 6] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
];

/// Builds a module below `target_dir` and returns its path.
///
/// # Errors
/// Names the command that failed. The command itself has printed why.
pub fn build(abi: Abi, repository: &Path, target_dir: &Path) -> io::Result<PathBuf> {
    if !has_target()? {
        return Err(io::Error::other(format!(
            "the compiler has no standard library for {TARGET}: `cargo xtask setup` installs it"
        )));
    }
    run(command(abi, repository, target_dir))?;
    optimization(abi, target_dir).map_or(Ok(()), run)?;
    let path = path(abi, target_dir);
    if abi == Abi::Kubewarden {
        let module = metadata::with_metadata(&fs::read(linked(abi, target_dir))?)?;
        // An unchanged file keeps its time, by which the machine code is known to be up to date.
        if !fs::read(&path).is_ok_and(|before| before == module) {
            fs::write(&path, module)?;
        }
    }
    Ok(path)
}

fn run(mut command: Command) -> io::Result<()> {
    let status = command.status();
    let program = command.get_program().display();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(io::Error::other(format!("`{program}` ended with {status}"))),
        Err(error) => Err(io::Error::other(format!("`{program}` cannot be started: {error}"))),
    }
}

/// Returns the command that builds a module below `target_dir`. Only this command requests a `cdylib`, so no other build of
/// the crate links one.
fn command(abi: Abi, repository: &Path, target_dir: &Path) -> Command {
    let mut command = cargo(repository, target_dir);
    command.arg("rustc").args(abi.config());
    command.args(["--locked", "--package", abi.package(), "--lib", "--crate-type", "cdylib"]);
    command.args(["--target", TARGET, "--profile", PROFILE]);
    if abi == Abi::Browser {
        // wasm-bindgen reads the custom sections, and removes them.
        command.args(["--", "-C", "strip=none"]);
    }
    command.env_remove("RUSTC_WORKSPACE_WRAPPER");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", anonymous_paths(repository));
    command
}

/// Returns a cargo that builds below `target_dir`, without the settings of the cargo around it.
fn cargo(repository: &Path, target_dir: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repository);
    for name in NOT_INHERITED {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"CARGO_PROFILE_") {
            command.env_remove(name);
        }
    }
    command.env("CARGO_TARGET_DIR", target_dir);
    command
}

/// Returns the command that optimizes the module that [`command`] built; `None` without `wasm-opt`.
fn optimization(abi: Abi, target_dir: &Path) -> Option<Command> {
    // wasm-bindgen wants its module as rustc made it, and makes another.
    let program = wasm_opt::program().filter(|_| abi != Abi::Browser)?;
    Some(wasm_opt::command(&program, &built(abi, target_dir), &optimized(abi, target_dir)))
}

/// Where [`build`] leaves the module.
#[must_use]
pub fn path(abi: Abi, target_dir: &Path) -> PathBuf {
    match abi {
        Abi::Plain | Abi::Browser => linked(abi, target_dir),
        Abi::Kubewarden => built(abi, target_dir).with_extension("annotated.wasm"),
    }
}

/// Where [`build`] leaves what rustc makes.
#[must_use]
pub fn built(abi: Abi, target_dir: &Path) -> PathBuf {
    target_dir.join(TARGET).join(PROFILE).join(format!("{}.wasm", abi.package().replace('-', "_")))
}

fn linked(abi: Abi, target_dir: &Path) -> PathBuf {
    if optimization(abi, target_dir).is_some() { optimized(abi, target_dir) } else { built(abi, target_dir) }
}

/// Not in its place: cargo would not notice, and the next run would optimize it again.
fn optimized(abi: Abi, target_dir: &Path) -> PathBuf {
    built(abi, target_dir).with_extension("opt.wasm")
}

/// Whether the compiler has a standard library for Wasm, wherever it came from.
///
/// # Errors
/// When the compiler cannot be started.
pub fn has_target() -> io::Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output()?;
    let folder = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && Path::new(folder.trim()).is_dir())
}

/// Panics name their source file: the module must not contain the folders of the machine that built it.
fn anonymous_paths(repository: &Path) -> OsString {
    let mut flags = OsString::from("--remap-path-prefix=");
    flags.push(repository);
    flags.push("=hallpass");
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    if let Some(home) = home {
        remap(&mut flags, &home);
        // The registry's folder has a name that cargo makes up.
        let registries = home.join("registry/src").read_dir().into_iter().flatten().flatten();
        for registry in registries {
            remap(&mut flags, &registry.path());
        }
    }
    flags
}

/// Of several that fit, rustc takes the last.
fn remap(flags: &mut OsString, folder: &Path) {
    flags.push(" --remap-path-prefix=");
    flags.push(folder);
    flags.push("=cargo");
}
