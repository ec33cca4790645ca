//! Files with the values of charts.

use std::path::{Path, PathBuf};

use hallpass_report::read_workloads;

use super::super::{Input, did_you_mean, not_utf8, plain};
use crate::output::Problem;

/// A file with values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValuesFile {
    /// The path as the user wrote it.
    pub(crate) name: String,
    /// The real path. Helm reads a URL or stdin for some other spellings, but never for an absolute path.
    real: String,
}

impl ValuesFile {
    /// Checks that the path leads to a local file.
    pub(crate) fn new(path: &Path) -> Result<Self, Box<Problem>> {
        let Some(name) = path.to_str().map(str::to_owned) else {
            return Err(Box::new(not_utf8(&path.display().to_string())));
        };
        let wrong = |message: &str, help: &str| Box::new(Problem::new(&name, message).help(help));
        if name == "-" {
            return Err(wrong("values cannot be read from stdin", "write them to a file"));
        }
        if name.contains("://") {
            return Err(wrong(
                "values are on the network, which hallpass never accesses",
                "download the file, and pass its path",
            ));
        }
        let real = path.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => wrong(
                "no such file",
                &did_you_mean(path, &name).unwrap_or_else(|| "check the path".to_owned()),
            ),
            _ => wrong(&format!("cannot be read: {}", plain(&error)), "check the file's mode and owner"),
        })?;
        if !real.is_file() {
            return Err(wrong("not a regular file", "pass a YAML file"));
        }
        if is_manifest(&real) {
            // `--matrix` takes all words that follow, so that a shell can expand a pattern.
            let message = "this is a manifest, not a file with values";
            return Err(wrong(message, "pass manifests and charts before `--matrix`"));
        }
        match real.into_os_string().into_string() {
            Ok(real) => Ok(ValuesFile { name, real }),
            Err(_) => Err(Box::new(not_utf8(&name))),
        }
    }

    /// Returns the argument for Helm, which reads the option as a line of CSV.
    pub(super) fn argument(&self) -> String {
        format!("--values=\"{}\"", self.real.replace('"', "\"\""))
    }
}

/// Whether a file begins with a Kubernetes object. Whatever Helm cannot read is left to Helm.
fn is_manifest(file: &Path) -> bool {
    let Ok(bytes) = Input::file(String::new(), file.to_path_buf(), true).read() else { return false };
    let first = read_workloads(&bytes).next();
    first.and_then(Result::ok).is_some_and(|document| {
        let has = |field: &str| document.root().get(field).is_some_and(|value| value.as_str().is_some());
        has("apiVersion") && has("kind")
    })
}

/// Checks the files, and returns those that exist and one problem for each of the others.
pub(crate) fn values_files(paths: &[PathBuf]) -> (Vec<ValuesFile>, Vec<Problem>) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match ValuesFile::new(path) {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(*problem),
        }
    }
    (files, problems)
}

/// Returns the first file that is named twice.
pub(crate) fn duplicate(files: &[ValuesFile]) -> Option<&ValuesFile> {
    let earlier = |index: usize| files.get(..index).unwrap_or_default();
    files
        .iter()
        .enumerate()
        .find(|(index, file)| earlier(*index).iter().any(|one| one.real == file.real))
        .map(|(_, file)| file)
}
