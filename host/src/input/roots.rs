//! Folders whose files are no manifests until a tool has built them: kustomizations and Helm charts.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::kustomization::{self, Kustomization, Listed};
use super::shell::word;
use crate::report::Problem;

/// The names by which kustomize knows its file. Helm has one.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
const CHART: &str = "Chart.yaml";

/// Where a chart keeps those that it depends on.
const SUBCHARTS: &str = "charts";

/// What the paths of a run are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be judged as they would be applied.
    Manifests,
    /// To count as installed. Partners keep allowlists beside the templates of their charts, as they are: charts do not
    /// matter.
    Allowlists,
    /// To be read as they are.
    Files,
}

/// The roots that a run has come upon.
pub(super) struct Roots {
    purpose: Purpose,
    /// Whether what is in a folder waits for a build, by where the folder really is.
    known: HashMap<PathBuf, bool>,
    /// One error a root.
    pub(super) errors: Vec<Problem>,
    /// What the kustomizations list whose files are judged.
    listed: Vec<Listed>,
}

impl Roots {
    pub(super) fn new(purpose: Purpose) -> Self {
        Roots { purpose, known: HashMap::new(), errors: Vec::new(), listed: Vec::new() }
    }

    /// Whether the folder is a root whose files wait for a build.
    pub(super) fn enter(&mut self, folder: &Path) -> bool {
        if self.purpose == Purpose::Files {
            return false;
        }
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        if let Some(&waits) = self.known.get(&real) {
            return waits;
        }
        let before = self.errors.len();
        let mut waits = self.purpose == Purpose::Manifests && self.chart(folder, &real);
        for name in KUSTOMIZATIONS {
            let file = folder.join(name);
            if !file.is_file() {
                continue;
            }
            let help = self.help(&format!("kubectl kustomize {}", word(folder)));
            let helped = |problem: Problem| {
                if problem.help.is_some() { problem } else { problem.help(help.as_str()) }
            };
            match kustomization::read(folder, &file) {
                Kustomization::Build(problems) => self.errors.extend(problems.into_iter().map(helped)),
                Kustomization::Files(listed) => self.listed.extend(
                    listed.into_iter().map(|listed| Listed { unread: helped(listed.unread), ..listed }),
                ),
            }
        }
        waits |= self.errors.len() > before;
        self.known.insert(real, waits);
        waits
    }

    /// A chart inside another one is built with it.
    fn chart(&mut self, folder: &Path, real: &Path) -> bool {
        let file = folder.join(CHART);
        if !file.is_file() {
            return false;
        }
        let outer = real.parent().filter(|parent| parent.ends_with(SUBCHARTS)).and_then(Path::parent);
        let outer =
            outer.is_some_and(|outer| self.known.get(outer) == Some(&true) && outer.join(CHART).is_file());
        if !outer {
            let help = self.help(&format!("helm template {}", word(folder)));
            let message = "the templates of a Helm chart are not judged file by file";
            self.errors.push(Problem::new(&file.display().to_string(), message).help(help));
        }
        true
    }

    fn help(&self, build: &str) -> String {
        match self.purpose {
            Purpose::Allowlists => format!(
                "give what `{build}` prints as `--allowlists -`, or add `--no-render` to take the files as they are"
            ),
            _ => format!(
                "run `{build} | hallpass check -`, or add `--no-render` to judge the files as they are"
            ),
        }
    }

    /// Whether a folder above waits for a build, as far as the root of the Git repository; outside of one, as far as
    /// there are folders: a chart that was unpacked somewhere is one all the same.
    pub(super) fn above(&mut self, folder: &Path) -> bool {
        self.enter_all(folders_above(folder))
    }

    /// The same for a file, whose own folder counts.
    pub(super) fn around(&mut self, file: &Path) -> bool {
        let folder = up(file);
        let mut folders = folders_above(&folder);
        folders.insert(0, folder);
        self.enter_all(folders)
    }

    /// An error for each kustomization of `whole` whose files are judged, and that lists what is not read: what it builds
    /// holds more.
    pub(super) fn unread(
        self,
        whole: impl Fn(&Path) -> bool,
        read: impl Fn(&Path) -> bool,
    ) -> impl Iterator<Item = Problem> {
        let Roots { known, listed, .. } = self;
        let mut problems: Vec<Problem> = listed
            .into_iter()
            .filter(|listed| whole(&listed.by) && !listed.real.as_deref().is_some_and(&read))
            .filter(|listed| !listed.by.ancestors().any(|folder| known.get(folder) == Some(&true)))
            .map(|listed| listed.unread)
            .collect();
        problems.dedup_by(|next, one| next.file == one.file);
        problems.into_iter()
    }

    /// From the outermost on, so that a chart is known before those inside it.
    fn enter_all(&mut self, folders: Vec<PathBuf>) -> bool {
        let mut waits = false;
        for folder in folders.iter().rev() {
            waits |= self.enter(folder);
        }
        waits
    }
}

/// The folders above one, nearest first.
fn folders_above(folder: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut current = folder.to_path_buf();
    // A folder that has no real path is not there, and nor is what is above it.
    while !current.join(".git").exists() && current.canonicalize().is_ok_and(|real| real.parent().is_some()) {
        current = up(&current);
        folders.push(current.clone());
    }
    folders
}

/// The folder that holds a path, written as the path is.
fn up(path: &Path) -> PathBuf {
    match path.components().next_back() {
        Some(Component::Normal(_)) => match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        },
        Some(Component::ParentDir) => path.join(".."),
        Some(Component::CurDir) | None => PathBuf::from(".."),
        Some(Component::RootDir | Component::Prefix(_)) => path.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::up;
    use std::path::Path;

    #[test]
    fn the_folder_above_is_written_as_the_path_is() {
        for (path, expected) in [
            ("a/b.yaml", "a"),
            ("a", "."),
            (".", ".."),
            ("./a", "."),
            ("./", ".."),
            ("..", "../.."),
            ("../a/", ".."),
            ("/a", "/"),
            ("/", "/"),
        ] {
            assert_eq!(up(Path::new(path)), Path::new(expected), "above {path}");
        }
    }
}
