//! `cargo xtask release`: collects the files of a release that are the same on every platform.

mod artifact_hub;
mod ready;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use hallpass_module::Abi;
use hallpass_module::home::REPOSITORY;

use crate::dist;
use crate::failure::{Failure, Result};
use crate::setup;
use crate::wasm;
use crate::workspace::{cannot_start, remove_folder, root, run, target};

#[derive(Debug, Args)]
pub(crate) struct Release {
    /// Check that this tag can be released
    #[arg(long, requires = "repository")]
    tag: Option<String>,
    /// The URL of the repository that releases it
    #[arg(long, value_name = "URL", requires = "tag")]
    repository: Option<String>,
    /// Collect what `dist` and `wasm` built last, instead of building it
    #[arg(long, conflicts_with = "tag")]
    built: bool,
}

pub(crate) fn make(release: &Release) -> Result<()> {
    if let (Some(tag), Some(repository)) = (&release.tag, &release.repository) {
        ready::check(tag, repository, &read(&root().join("CHANGELOG.md"))?)?;
    }
    if !release.built {
        setup::add_wasm_target()?;
        dist::make()?;
        wasm::make(Abi::Plain)?;
        wasm::make(Abi::Kubewarden)?;
    }
    clear()?;
    for abi in [Abi::Plain, Abi::Kubewarden] {
        add(&wasm::module(abi), &format!("hallpass-{}.wasm", abi.name()))?;
    }
    add(&dist::package().join("hallpass_bg.wasm"), "hallpass-browser.wasm")?;
    add(&dist::page_file(), "hallpass.html")?;
    for file in schemas()? {
        add(&file, &file.file_name().unwrap_or_default().to_string_lossy())?;
    }
    pack()?;
    list_page_components()?;
    if !REPOSITORY.is_empty() {
        write("artifacthub-pkg.yml", &artifact_hub::package(REPOSITORY, &commit_time()?))?;
    }
    println!("{}", folder().display());
    Ok(())
}

/// The folder with the files.
pub(crate) fn folder() -> PathBuf {
    target().join("release-assets")
}

/// Whether npm can list the components of a package: Debian's npm cannot.
pub(crate) fn can_list_components() -> bool {
    let mut help = Command::new("npm");
    help.args(["sbom", "--help"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    help.status().is_ok_and(|status| status.success())
}

fn clear() -> Result<()> {
    let folder = folder();
    remove_folder(&folder)
        .and_then(|()| fs::create_dir_all(&folder))
        .map_err(|error| cannot_write(&folder, &error))
}

fn add(from: &Path, name: &str) -> Result<()> {
    let to = folder().join(name);
    let bytes = fs::read(from).map_err(|error| cannot_read(from, &error))?;
    // Not a copy: linkers make modules executable.
    fs::write(&to, bytes).map_err(|error| cannot_write(&to, &error))
}

fn write(name: &str, text: &str) -> Result<()> {
    let to = folder().join(name);
    fs::write(&to, text).map_err(|error| cannot_write(&to, &error))
}

/// The JSON Schemas and the custom resource definitions.
fn schemas() -> Result<Vec<PathBuf>> {
    let folders = [root().join("schemas"), root().join("schemas/crds")];
    let mut files = Vec::new();
    for folder in folders {
        let entries = fs::read_dir(&folder).map_err(|error| cannot_read(&folder, &error))?;
        let paths = entries.flatten().map(|entry| entry.path());
        files.extend(paths.filter(|path| has_extension(path, "json") || has_extension(path, "yaml")));
    }
    files.sort();
    Ok(files)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension() == Some(OsStr::new(extension))
}

/// The npm package as npm publishes it.
fn pack() -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["pack", "--silent", "--pack-destination"]).arg(folder()).current_dir(dist::package());
    npm.stdout(Stdio::null());
    run(npm, "npm pack")
}

/// What the page is made of. The wheel has the same list for the binary.
fn list_page_components() -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]).current_dir(root().join("web"));
    let output = npm.stderr(Stdio::inherit()).output().map_err(|error| cannot_start("npm sbom", &error))?;
    if !output.status.success() {
        return Err(Failure::new(format!("`npm sbom` failed: {}", output.status))
            .help("npm lists the components of the page from version 10"));
    }
    write("hallpass-page.cyclonedx.json", &String::from_utf8_lossy(&output.stdout))
}

/// When the commit was made, so that the same commit gives the same files.
fn commit_time() -> Result<String> {
    let mut git = Command::new("git");
    git.args(["show", "--no-patch", "--format=%cI", "HEAD"]).current_dir(root());
    let output = git.output().map_err(|error| cannot_start("git", &error))?;
    if !output.status.success() {
        return Err(Failure::new("git does not know the time of the commit")
            .help("run this in a clone of the repository"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` cannot be read: {error}", path.display()))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` cannot be written: {error}", path.display()))
}
