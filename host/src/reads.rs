//! The files that a run reads. No output may replace one of them.

use std::path::{Path, PathBuf};

use hallpass_policy::Profile;

use crate::chart_runs::ChartValues;
use crate::input::{self, Purpose, Selected};

/// The files that a run reads, by real path.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    files: Vec<PathBuf>,
    /// Folders of which a program reads any part.
    folders: Vec<PathBuf>,
}

impl Reads {
    /// Adds files. Those that do not exist cannot be replaced.
    pub(crate) fn files<'p>(&mut self, paths: impl IntoIterator<Item = &'p PathBuf>) {
        self.files.extend(paths.into_iter().filter_map(|path| path.canonicalize().ok()));
    }

    /// Adds everything that a run reads for paths of this purpose.
    pub(crate) fn paths(&mut self, paths: &[PathBuf], purpose: Purpose) {
        let selected = match purpose {
            Purpose::Manifests(caller) => input::select_manifests(paths, &[], caller),
            _ => input::select(paths, purpose),
        };
        self.selected(&selected);
    }

    /// Adds the result of a selection.
    pub(crate) fn selected(&mut self, selected: &Selected) {
        self.files.extend(selected.inputs.iter().filter_map(input::Input::real));
        self.files(&selected.read);
        self.folders.extend(selected.built.iter().filter_map(|folder| folder.canonicalize().ok()));
    }

    /// Adds a profile, unless it is a built-in one.
    pub(crate) fn profile(&mut self, profile: &PathBuf) {
        let is_built_in = profile.to_str().is_some_and(|name| Profile::built_in(name).is_some());
        self.files((!is_built_in).then_some(profile));
    }

    /// Adds the values of charts.
    pub(crate) fn values(&mut self, charts: &ChartValues) {
        self.files(charts.values.iter().chain(&charts.matrix));
    }

    /// Whether the run reads the file at this real path.
    pub(crate) fn contain(&self, file: &Path) -> bool {
        self.files.iter().any(|read| read == file)
            || self.folders.iter().any(|folder| file.starts_with(folder))
    }
}

/// Returns why stdin cannot be read for all of the paths.
pub(crate) fn stdin_twice<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> Option<&'static str> {
    let stdin = paths.into_iter().filter(|path| path.as_path() == Path::new("-"));
    (stdin.count() > 1).then_some("stdin can be read only once, but `-` is given more than once")
}

/// Returns the first of the outputs that would replace a file that the run reads. `reads` is called only if an output
/// exists.
pub(crate) fn replaced<'o>(
    outputs: impl Iterator<Item = &'o Path>,
    reads: impl FnOnce() -> Reads,
) -> Option<&'o Path> {
    let real = |path: &'o Path| Some((path, path.canonicalize().ok().filter(|real| real.is_file())?));
    let existing: Vec<(&Path, PathBuf)> = outputs.filter_map(real).collect();
    if existing.is_empty() {
        return None;
    }
    let reads = reads();
    existing.into_iter().find(|(_, real)| reads.contain(real)).map(|(path, _)| path)
}
