//! Which files a run reads: files as named, folders searched in a fixed order, stdin.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::report::Problem;

/// The largest file that is read, in bytes. Manifests of 50 MB exist; beyond this it is no manifest.
const MAX_BYTES: u64 = 128 * 1024 * 1024;

/// One thing to read.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    name: String,
    path: PathBuf,
    /// Named by the user, not found in a folder.
    named: bool,
}

/// What a list of paths comes to.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    pub(crate) inputs: Vec<Input>,
    pub(crate) errors: Vec<Problem>,
    /// Folders without a manifest: an error, unless nothing to judge is what the user expects.
    pub(crate) barren: Vec<Problem>,
}

impl Input {
    /// How reports call it: the path as given, `-` for stdin.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The user named it, rather than a folder that holds it.
    pub(crate) fn is_named(&self) -> bool {
        self.named
    }

    pub(crate) fn read(&self) -> Result<Vec<u8>, Problem> {
        self.read_bytes().map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => Problem::new(&self.name, "cannot be read: permission denied")
                .help("check the file's mode and owner"),
            io::ErrorKind::FileTooLarge => {
                Problem::new(&self.name, format!("larger than {} MB", MAX_BYTES / 1024 / 1024))
                    .help("split it: no manifest is that large")
            }
            _ => Problem::new(&self.name, format!("cannot be read: {}", plain(&error))),
        })
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

/// Reads a file below a folder that another file names, or says why not, as the end of a sentence. Both can come from a
/// pull request: a link that leads out is not followed, nor is a pipe waited for.
pub(crate) fn read_below(folder: &Path, name: &str) -> Result<Vec<u8>, String> {
    let reason = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => "is not there".to_owned(),
        _ => format!("cannot be read: {}", plain(&error)),
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let root = folder.canonicalize().map_err(reason)?;
    let path = folder.join(name).canonicalize().map_err(reason)?;
    if !path.starts_with(root) {
        return Err("is a link that leads out of the fleet's folder".to_owned());
    }
    if !path.metadata().map_err(reason)?.is_file() {
        return Err("is no regular file".to_owned());
    }
    Input { name: name.to_owned(), path, named: true }.read_bytes().map_err(reason)
}

/// Reads inputs; one that cannot be read is reported and left out.
pub(crate) fn read_all<'i>(inputs: &'i [Input], errors: &mut Vec<Problem>) -> Vec<(&'i str, Vec<u8>)> {
    let mut read = Vec::with_capacity(inputs.len());
    for input in inputs {
        match input.read() {
            Ok(bytes) => read.push((input.name(), bytes)),
            Err(problem) => errors.push(problem),
        }
    }
    read
}

/// The inputs that were read, as the report takes them.
pub(crate) fn texts<'s>(read: &'s [(&'s str, Vec<u8>)]) -> impl Iterator<Item = (&'s str, &'s [u8])> {
    read.iter().map(|(name, bytes)| (*name, bytes.as_slice()))
}

/// Finds the files that `paths` name, each once, in the order of `paths`, folders in the order of their names.
pub(crate) fn select(paths: &[PathBuf]) -> Selected {
    let mut selected = Selected::default();
    let mut seen = HashSet::new();
    for path in paths {
        let from = selected.inputs.len();
        let name = path.display().to_string();
        if name == "-" {
            selected.inputs.push(Input { name, path: path.clone(), named: true });
        } else {
            match path.metadata() {
                Ok(metadata) if metadata.is_dir() => search(path, &mut selected),
                Ok(_) => selected.inputs.push(Input { name, path: path.clone(), named: true }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    selected
                        .errors
                        .push(Problem::new(&name, "no such file or folder").help("check the path"));
                }
                Err(error) => {
                    selected.errors.push(Problem::new(&name, format!("cannot be read: {}", plain(&error))));
                }
            }
        }
        let added = selected.inputs.split_off(from);
        // By what the path leads to: `a.yaml` and `./a.yaml` are one file.
        let real = |input: &Input| input.path.canonicalize().unwrap_or_else(|_| input.path.clone());
        selected.inputs.extend(added.into_iter().filter(|input| seen.insert(real(input))));
    }
    selected
}

fn search(folder: &Path, selected: &mut Selected) {
    let root = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let before = selected.inputs.len();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).display().to_string();
                let reason = error.io_error().map_or_else(|| error.to_string(), plain);
                selected.errors.push(Problem::new(&path, format!("cannot be read: {reason}")));
                continue;
            }
        };
        let path = entry.path();
        let kind = entry.file_type();
        if entry.depth() == 0 || kind.is_dir() || !(kind.is_symlink() || is_manifest(path)) {
            continue;
        }
        let name = path.display().to_string();
        if !kind.is_symlink() && !kind.is_file() {
            // Reading a pipe or a device could wait for ever.
            selected
                .errors
                .push(Problem::new(&name, "is no regular file").help("name it by itself to read from it"));
        } else if kind.is_symlink() {
            follow(&name, path, &root, selected);
        } else {
            selected.inputs.push(Input { name, path: path.to_path_buf(), named: false });
        }
    }
    if selected.inputs.len() == before {
        selected.barren.push(
            Problem::new(&folder.display().to_string(), "the folder holds no manifests")
                .help("manifests end in .yaml, .yml or .json"),
        );
    }
}

/// A link that stays inside the folder leads to a file that is found by itself, or is read under the link's own
/// name; one that leaves it could show a file in a report that its author could not read (a pull request can add
/// links), so it is named and not followed.
fn follow(name: &str, path: &Path, root: &Path, selected: &mut Selected) {
    let Ok(target) = path.canonicalize() else {
        if is_manifest(path) {
            selected.errors.push(Problem::new(name, "a link that leads nowhere").help("mend or remove it"));
        }
        return;
    };
    // A plain file of neither name would not be read, nor is a link to one.
    if !(target.is_dir() || is_manifest(&target) || is_manifest(path)) {
        return;
    }
    if !target.starts_with(root) {
        selected.errors.push(leads_out(name));
    } else if !target.is_dir() && !is_manifest(&target) {
        selected.inputs.push(Input { name: name.to_owned(), path: path.to_path_buf(), named: false });
    }
}

/// An error: what is behind the link goes unjudged.
fn leads_out(name: &str) -> Problem {
    Problem::new(name, "a link that leads out of the folder: not followed")
        .help("name its target on the command line, or remove it")
}

/// Whatever kubectl reads of a folder: a name that is nothing but the ending is one (`Path::extension` sees none there).
/// Capital letters, which kubectl passes over, are read as well.
fn is_manifest(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The system's reason without its number, lower case.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
