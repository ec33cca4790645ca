//! Selects and reads the input files: named files, folders searched in a fixed order, stdin.

mod build;
mod caller;
mod kustomization;
mod roots;
mod search;
mod shell;
mod similar;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::output::Problem;
pub(crate) use build::{Build, Chart, Cluster, Printed, Run, ValuesFile, duplicate, values_files};
pub(crate) use caller::Caller;
pub(crate) use roots::Purpose;
use roots::{Root, Roots};
pub(crate) use search::is_manifest;
use search::search;
pub(crate) use shell::word;
pub(crate) use similar::did_you_mean;

/// The maximum size of a file, in bytes. Manifests of 50 MB exist; larger files are not manifests.
const MAX_BYTES: u64 = 128 * 1024 * 1024;

/// An input to read.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    name: String,
    path: PathBuf,
    /// Whether the user named the file, instead of a folder that contains it.
    named: bool,
    /// The program that produces the text, if it is not that of a file.
    build: Option<Build>,
}

/// The result of selecting inputs.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    pub(crate) inputs: Vec<Input>,
    pub(crate) errors: Vec<Problem>,
    /// Folders without a manifest: errors, unless `--allow-empty` is set.
    pub(crate) barren: Vec<Problem>,
    /// The files that a search has left out.
    pub(crate) notes: Vec<Problem>,
    /// Paths that must be built by a tool before they can be read. There is one error for each.
    pub(crate) unbuilt: Vec<PathBuf>,
    /// Folders that a program builds, or must build. It may read everything in them.
    pub(crate) built: Vec<PathBuf>,
    /// Files that decide how other files are read.
    pub(crate) read: Vec<PathBuf>,
}

impl Selected {
    /// Returns the inputs, and adds the errors, also those about folders without a manifest.
    pub(crate) fn inputs(self, errors: &mut Vec<Problem>) -> Vec<Input> {
        errors.extend(self.errors.into_iter().chain(self.barren));
        self.inputs
    }
}

impl Input {
    fn file(name: String, path: PathBuf, named: bool) -> Self {
        Input { name, path, named, build: None }
    }

    /// A folder that a program builds.
    fn built(folder: &Path, build: Build) -> Self {
        // Without a slash at the end.
        let folder: PathBuf = folder.components().collect();
        Input { build: Some(build), ..Input::file(folder.display().to_string(), folder, true) }
    }

    /// Returns the build that produces the text, if it is not that of a file.
    pub(crate) fn build(&self) -> Option<&Build> {
        self.build.as_ref()
    }

    /// The name in reports: the path as given, `-` for stdin.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The real path of the file, also of one that is redirected to stdin.
    pub(crate) fn real(&self) -> Option<PathBuf> {
        let path = if self.name == "-" { Path::new("/dev/stdin") } else { &self.path };
        path.canonicalize().ok()
    }

    /// Whether the user named the file, instead of a folder that contains it.
    pub(crate) fn is_named(&self) -> bool {
        self.named
    }

    pub(crate) fn read(&self) -> Result<Vec<u8>, Box<Problem>> {
        self.read_bytes().map_err(|error| Box::new(self.unreadable(&error)))
    }

    fn unreadable(&self, error: &io::Error) -> Problem {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Problem::new(&self.name, "cannot be read: permission denied")
                .help("check the file's mode and owner"),
            io::ErrorKind::FileTooLarge => {
                Problem::new(&self.name, format!("larger than {} MB", MAX_BYTES / 1024 / 1024))
                    .help("split it: manifests are never this large")
            }
            _ => Problem::new(&self.name, format!("cannot be read: {}", plain(error))),
        }
    }

    fn read_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if self.name == "-" {
            io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        } else {
            let file = File::open(&self.path)?;
            let size = file.metadata().map_or(0, |metadata| metadata.len());
            bytes.reserve_exact(usize::try_from(size.min(MAX_BYTES)).unwrap_or_default());
            file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        }
        if bytes.len() as u64 > MAX_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }
}

/// Reads a file below a folder that another file names. The error is a predicate with the file as its subject. Both
/// files can come from a pull request, so links that lead out of the folder are not followed, and pipes are not read.
pub(crate) fn read_below(folder: &Path, name: &str) -> Result<Vec<u8>, String> {
    let path = below(folder, name)?;
    if !path.metadata().map_err(reason)?.is_file() {
        return Err("is not a regular file".to_owned());
    }
    Input::file(name.to_owned(), path, true).read_bytes().map_err(reason)
}

/// Returns the real path of a file or folder below a folder, with the same errors. Pipes and devices are errors.
pub(crate) fn below(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let root = folder.canonicalize().map_err(reason)?;
    let path = folder.join(name).canonicalize().map_err(reason)?;
    if !path.starts_with(root) {
        return Err("is a link that leads out of the fleet's folder".to_owned());
    }
    let metadata = path.metadata().map_err(reason)?;
    match metadata.is_file() || metadata.is_dir() {
        true => Ok(path),
        false => Err("is not a regular file".to_owned()),
    }
}

fn reason(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "does not exist".to_owned(),
        _ => format!("cannot be read: {}", plain(&error)),
    }
}

/// Reads inputs, reports those that cannot be read, and omits them.
pub(crate) fn read_all<'i>(inputs: &'i [Input], errors: &mut Vec<Problem>) -> Vec<(&'i str, Vec<u8>)> {
    let mut read = Vec::with_capacity(inputs.len());
    for input in inputs {
        match input.read() {
            Ok(bytes) => read.push((input.name(), bytes)),
            Err(problem) => errors.push(*problem),
        }
    }
    read
}

/// Converts the inputs for the report.
pub(crate) fn texts<'s>(read: &'s [(&'s str, Vec<u8>)]) -> impl Iterator<Item = (&'s str, &'s [u8])> {
    read.iter().map(|(name, bytes)| (*name, bytes.as_slice()))
}

/// Finds the files that `paths` name, without duplicates, in the order of `paths`; files in folders are sorted by name.
pub(crate) fn select(paths: &[PathBuf], purpose: Purpose) -> Selected {
    selected(paths, Roots::new(purpose), &[])
}

/// Finds manifests. A chart or kustomization among `paths` is built; a chart once per run.
pub(crate) fn select_manifests(paths: &[PathBuf], runs: &[Run], caller: Caller) -> Selected {
    let mut roots = Roots::new(Purpose::Manifests(caller));
    paths.iter().for_each(|path| roots.claim(path));
    selected(paths, roots, runs)
}

/// Whether a path is the folder of a chart.
pub(crate) fn is_chart(path: &Path) -> bool {
    path.join(roots::CHART).is_file()
}

fn selected(paths: &[PathBuf], mut roots: Roots, runs: &[Run]) -> Selected {
    let mut selected = Selected::default();
    // By the target of links: `a.yaml` and `./a.yaml` are the same file. A chart with several runs has several texts.
    let mut seen: HashMap<(PathBuf, Option<String>), usize> = HashMap::new();
    let mut searched = Vec::new();
    for path in paths {
        let from = selected.inputs.len();
        let waiting = roots.errors.len();
        let Some(name) = path.to_str().map(str::to_owned) else {
            selected.errors.push(not_utf8(&path.display().to_string()));
            continue;
        };
        if name == "-" {
            selected.inputs.push(Input::file(name, path.clone(), true));
        } else {
            match path.metadata() {
                Ok(metadata) if metadata.is_dir() => match roots.claimed(path) {
                    Some((root, caller)) => build(path, root, runs, caller, &mut selected),
                    None => {
                        searched.push(real(path));
                        search(path, &mut roots, &mut selected);
                    }
                },
                Ok(_) if waits(path, &mut roots) => selected.unbuilt.push(path.clone()),
                Ok(_) => selected.inputs.push(Input::file(name, path.clone(), true)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let help = did_you_mean(path, &name).unwrap_or_else(|| "check the path".to_owned());
                    selected.errors.push(Problem::new(&name, "no such file or folder").help(help));
                }
                Err(error) => {
                    selected.errors.push(Problem::new(&name, format!("cannot be read: {}", plain(&error))));
                }
            }
        }
        selected.errors.extend(roots.errors.iter().skip(waiting).cloned());
        for input in selected.inputs.split_off(from) {
            let variant = input.build().and_then(Build::variant).map(str::to_owned);
            match seen.entry((real(&input.path), variant)) {
                Entry::Vacant(entry) => {
                    entry.insert(selected.inputs.len());
                    selected.inputs.push(input);
                }
                Entry::Occupied(entry) => {
                    if let Some(first) = selected.inputs.get_mut(*entry.get()) {
                        first.named |= input.named;
                    }
                }
            }
        }
    }
    selected.notes = std::mem::take(&mut roots.notes);
    selected.built.extend(roots.built());
    selected.read = roots.read();
    let is_read = |path: &Path| seen.contains_key(&(path.to_path_buf(), None));
    let in_folder = |path: &Path| searched.iter().any(|folder| path.starts_with(folder));
    let whole = |kustomization: &Path| is_read(kustomization) || in_folder(kustomization);
    let read = |listed: &Path| is_read(listed) || listed.is_dir() && in_folder(listed);
    selected.errors.extend(roots.unread(whole, read));
    selected
}

/// Returns the error for a path that a report cannot name: the shown name could be that of another file.
pub(crate) fn not_utf8(shown: &str) -> Problem {
    Problem::new(shown, "the path is not UTF-8").help("rename the file or its folder")
}

/// Adds the inputs of a root that the user names.
fn build(folder: &Path, root: Root, runs: &[Run], caller: Caller, selected: &mut Selected) {
    match root {
        Root::Chart => match Chart::read(folder, caller) {
            Ok(chart) => {
                let builds = runs.iter().map(|run| Build::Chart(chart.clone(), run.clone()));
                selected.inputs.extend(builds.map(|build| Input::built(folder, build)));
            }
            Err(problems) => selected.errors.extend(problems),
        },
        Root::Kustomization => match build::Local::read(folder, caller) {
            Ok(local) => {
                selected.built.extend_from_slice(local.folders());
                selected.inputs.push(Input::built(folder, Build::Kustomization(local)));
            }
            Err(problems) => selected.errors.extend(problems),
        },
    }
}

/// Whether a file must be built first, in its folder or in that of the link's target.
fn waits(file: &Path, roots: &mut Roots) -> bool {
    let named = roots.around(file);
    file.canonicalize().is_ok_and(|real| roots.around(&real)) || named
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// Returns the system's message without its number, in lower case.
pub(crate) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
