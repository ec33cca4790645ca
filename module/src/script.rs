//! Builds modules for build scripts, in one folder: lints, tests and builds with any profile share them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::{env, io};

use crate::{Abi, WASM_OPT};

/// The variable that names the folder in which the modules are built.
const FOLDER: &str = "HALLPASS_MODULES";

/// The sources of the modules. Cargo itself runs a build script again when the script's own code changes.
const SOURCES: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "abi",
    "document",
    "kubewarden/Cargo.toml",
    "kubewarden/README.md",
    "kubewarden/metadata.json",
    "kubewarden/src",
    "policy-wasm",
    "re2",
    "workload",
];

/// A build script that needs modules.
pub struct Script {
    repository: PathBuf,
    folder: PathBuf,
    target: String,
    /// Scripts of several packages run at the same time. One at a time may write modules.
    _lock: File,
}

impl Script {
    /// Waits for other scripts, and makes cargo run this one again when a source changes.
    ///
    /// # Errors
    /// When cargo does not run the script, or the folder cannot be written.
    pub fn new() -> io::Result<Self> {
        let package = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
        let is_root = |folder: &&Path| folder.join("Cargo.lock").is_file();
        let repository = package.ancestors().find(is_root).unwrap_or(&package).to_path_buf();
        for source in SOURCES {
            println!("cargo::rerun-if-changed={}", repository.join(source).display());
        }
        for variable in [WASM_OPT, FOLDER] {
            println!("cargo::rerun-if-env-changed={variable}");
        }
        // The repository's cargo configuration sets it; a cargo that starts elsewhere does not read that.
        let folder = match env::var_os(FOLDER) {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(variable("OUT_DIR")?).join("module"),
        };
        std::fs::create_dir_all(&folder)?;
        let lock = File::create(folder.join(".hallpass-lock"))?;
        lock.lock()?;
        Ok(Script { repository, folder, target: variable("TARGET")?, _lock: lock })
    }

    /// Builds a module and returns its path.
    ///
    /// # Errors
    /// When it does not build.
    pub fn build(&self, abi: Abi) -> io::Result<PathBuf> {
        crate::build(abi, &self.repository, &self.folder)
    }

    /// Compiles a module for the package's target and returns the path of the machine code. The package's code finds the
    /// target's name in `HALLPASS_TARGET`.
    ///
    /// # Errors
    /// When the compiler does not build.
    pub fn precompile(&self, module: &Path) -> io::Result<PathBuf> {
        println!("cargo::rustc-env=HALLPASS_TARGET={}", self.target);
        crate::precompile(module, &self.target, &self.repository, &self.folder)
    }
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|_| io::Error::other(format!("cargo sets {name}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::process::Command;

    use serde_json::Value;

    use super::SOURCES;

    /// A crate that is missing from the list would leave an old module in the binary.
    #[test]
    fn every_crate_of_a_module_is_watched() {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        let metadata: Value = serde_json::from_slice(&cargo.output().unwrap().stdout).unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        let root = Path::new(metadata["workspace_root"].as_str().unwrap());
        let mut left = vec!["hallpass-abi", "hallpass-kubewarden"];
        let mut seen = BTreeSet::new();
        while let Some(name) = left.pop() {
            let Some(package) = packages.iter().find(|package| package["name"] == name) else { continue };
            if !seen.insert(name) {
                continue;
            }
            let manifest = Path::new(package["manifest_path"].as_str().unwrap()).strip_prefix(root).unwrap();
            let sources = manifest.with_file_name("src");
            for path in [manifest, &sources] {
                assert!(
                    SOURCES.iter().any(|source| path.starts_with(source)),
                    "{} is not watched",
                    path.display()
                );
            }
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            left.extend(
                dependencies.filter(|it| it["kind"].is_null()).map(|it| it["name"].as_str().unwrap()),
            );
        }
        assert!(seen.contains("hallpass-workload"), "{seen:?}");
    }
}
