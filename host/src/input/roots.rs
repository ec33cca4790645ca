//! Folders whose files must be built by a tool before they are manifests: kustomizations and Helm charts.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use super::caller::Caller;
use super::kustomization::{self, Kustomization, Listed};
use super::real;
use super::shell::word;
use crate::output::Problem;

/// The file names that kustomize recognizes. Helm has only one.
pub(super) const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
pub(super) const CHART: &str = "Chart.yaml";

/// The folder in a chart that contains its dependencies.
const SUBCHARTS: &str = "charts";

/// The purpose of a run's paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be evaluated as they would be applied.
    Manifests(Caller),
    /// To count as installed. Partners ship finished allowlists next to the templates of their charts, so charts do not
    /// matter.
    Allowlists(Caller),
    /// To be read as they are.
    Files,
}

/// A folder that a program builds if the user names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// A Helm chart.
    Chart,
    /// A kustomization that changes its files.
    Kustomization,
}

/// The roots that a run has found.
pub(super) struct Roots {
    purpose: Purpose,
    /// The roots that the user names, by real path.
    claimed: HashMap<PathBuf, Root>,
    /// Whether the contents of a folder must be built first, by real path.
    known: HashMap<PathBuf, bool>,
    /// One error per root.
    pub(super) errors: Vec<Problem>,
    /// One note per root that is built.
    pub(super) notes: Vec<Problem>,
    /// Their real paths.
    noted: HashSet<PathBuf>,
    /// The entries of the kustomizations whose files are evaluated.
    listed: Vec<Listed>,
}

impl Roots {
    pub(super) fn new(purpose: Purpose) -> Self {
        Roots {
            purpose,
            claimed: HashMap::new(),
            known: HashMap::new(),
            errors: Vec::new(),
            notes: Vec::new(),
            noted: HashSet::new(),
            listed: Vec::new(),
        }
    }

    /// Remembers a folder that the user names and that is built, so that a search does not report it.
    pub(super) fn claim(&mut self, folder: &Path) {
        if let Some(root) = self.buildable(folder) {
            self.claimed.insert(real(folder), root);
        }
    }

    /// Returns what a folder that the user names is built as. Below another root, which would change the result, it is
    /// not built, unless that is built as well.
    pub(super) fn claimed(&mut self, folder: &Path) -> Option<(Root, Caller)> {
        let Purpose::Manifests(caller) = self.purpose else { return None };
        let root = *self.claimed.get(&real(folder))?;
        let mut waits = false;
        for folder in [folder, &real(folder)] {
            let above = folders_above(folder).into_iter();
            let unclaimed = above.filter(|folder| !self.claimed.contains_key(&real(folder))).collect();
            waits |= self.enter_all(unclaimed);
        }
        if waits {
            return None;
        }
        self.note(folder, root);
        Some((root, caller))
    }

    /// Says once per root that it is built: a change that adds a `kustomization.yaml` or a `Chart.yaml` to a folder must
    /// not silently remove its other manifests from the check.
    fn note(&mut self, folder: &Path, root: Root) {
        if !self.noted.insert(real(folder)) {
            return;
        }
        let built_as = match root {
            Root::Chart => "Helm chart",
            Root::Kustomization => "kustomization",
        };
        let message = format!("this folder is built as a {built_as}; its other files are not evaluated");
        let note = Problem::new(&folder.display().to_string(), message);
        self.notes.push(match self.purpose {
            Purpose::Manifests(Caller::Check) => {
                note.help("if you apply its files as they are, add `--no-render`")
            }
            _ => note,
        });
    }

    /// A folder with both a chart and a kustomization is neither: which of them is deployed is unknown.
    fn buildable(&self, folder: &Path) -> Option<Root> {
        let Purpose::Manifests(caller) = self.purpose else { return None };
        if !caller.builds() {
            return None;
        }
        let mut kustomizations =
            KUSTOMIZATIONS.iter().map(|name| folder.join(name)).filter(|file| file.is_file());
        match (folder.join(CHART).is_file(), kustomizations.next(), kustomizations.next()) {
            (true, None, None) => Some(Root::Chart),
            (false, Some(file), None) => {
                let builds = matches!(kustomization::read(folder, &file), Kustomization::Build(_));
                builds.then_some(Root::Kustomization)
            }
            _ => None,
        }
    }

    /// Whether the folder is a root whose files must be built first.
    pub(super) fn enter(&mut self, folder: &Path) -> bool {
        if self.purpose == Purpose::Files {
            return false;
        }
        let real = real(folder);
        if let Some(&waits) = self.known.get(&real) {
            return waits;
        }
        let before = self.errors.len();
        let mut waits = match self.purpose {
            Purpose::Manifests(caller) => self.chart(folder, &real, caller),
            _ => false,
        };
        let command = format!("kubectl kustomize {}", word(folder));
        for name in KUSTOMIZATIONS {
            let file = folder.join(name);
            if !file.is_file() {
                continue;
            }
            match kustomization::read(folder, &file) {
                Kustomization::Build(problem) => {
                    let help = self.build_help(folder, &command);
                    self.errors.push(problem.help(help));
                }
                Kustomization::Invalid(problems) => {
                    let help = self.help(&command);
                    self.errors.extend(problems.into_iter().map(|problem| helped(problem, &help)));
                }
                Kustomization::Files(listed) => {
                    let help = self.help(&command);
                    self.listed.extend(
                        listed
                            .into_iter()
                            .map(|listed| Listed { unread: helped(listed.unread, &help), ..listed }),
                    );
                }
            }
        }
        waits |= self.errors.len() > before;
        self.known.insert(real, waits);
        waits
    }

    /// The same for a folder that a search finds. A root that the user names is built, not searched.
    pub(super) fn find(&mut self, folder: &Path) -> bool {
        if !self.claimed.contains_key(&real(folder)) {
            return self.enter(folder);
        }
        true
    }

    /// Returns the folders that are built, or must be built.
    pub(super) fn built(&self) -> impl Iterator<Item = PathBuf> {
        let waiting = self.known.iter().filter(|(_, waits)| **waits).map(|(folder, _)| folder);
        self.claimed.keys().chain(waiting).cloned()
    }

    /// Returns the kustomizations whose files are evaluated.
    pub(super) fn read(&self) -> Vec<PathBuf> {
        let files = |folder: &PathBuf| KUSTOMIZATIONS.map(|name| folder.join(name));
        self.known.keys().flat_map(files).filter(|file| file.is_file()).collect()
    }

    /// A chart inside another chart is built with it.
    fn chart(&mut self, folder: &Path, real: &Path, caller: Caller) -> bool {
        let file = folder.join(CHART);
        if !file.is_file() {
            return false;
        }
        let outer = real.parent().filter(|parent| parent.ends_with(SUBCHARTS)).and_then(Path::parent);
        let outer = outer.is_some_and(|outer| {
            let waits = self.known.get(outer) == Some(&true) || self.claimed.contains_key(outer);
            waits && outer.join(CHART).is_file()
        });
        if !outer {
            let help = self.build_help(folder, &format!("helm template {}", word(folder)));
            self.errors.push(Problem::new(&file.display().to_string(), caller.chart()).help(help));
        }
        true
    }

    /// Says how to check a root: by its name, if it can be built.
    fn build_help(&self, folder: &Path, command: &str) -> String {
        match self.purpose {
            Purpose::Manifests(caller) if self.buildable(folder).is_some() => caller.build(&word(folder)),
            _ => self.help(command),
        }
    }

    fn help(&self, build: &str) -> String {
        match self.purpose {
            Purpose::Allowlists(caller) => caller.built_allowlists(build),
            Purpose::Manifests(caller) => caller.built_manifests(build),
            // Such files are never built.
            Purpose::Files => String::new(),
        }
    }

    /// Whether a parent folder is a root, up to the root of the Git repository; outside a repository, up to the top,
    /// because an unpacked chart is also a chart.
    pub(super) fn above(&mut self, folder: &Path) -> bool {
        self.enter_all(folders_above(folder))
    }

    /// The same for a file, including its own folder.
    pub(super) fn around(&mut self, file: &Path) -> bool {
        let folder = up(file);
        let mut folders = folders_above(&folder);
        folders.insert(0, folder);
        self.enter_all(folders)
    }

    /// Reports each kustomization of `whole` whose files are evaluated, but that lists something that the run does not
    /// read: its output contains more.
    pub(super) fn unread(
        self,
        whole: impl Fn(&Path) -> bool,
        read: impl Fn(&Path) -> bool,
    ) -> impl Iterator<Item = Problem> {
        let Roots { known, listed, claimed, .. } = self;
        let is_built = move |folder: &Path| known.get(folder) == Some(&true) || claimed.contains_key(folder);
        let mut problems: Vec<Problem> = listed
            .into_iter()
            .filter(|listed| whole(&listed.by) && !listed.real.as_deref().is_some_and(&read))
            .filter(|listed| !listed.by.ancestors().any(&is_built))
            .map(|listed| listed.unread)
            .collect();
        problems.dedup_by(|next, one| next.file == one.file);
        problems.into_iter()
    }

    /// From the outermost on, so that a chart is known before the charts inside it.
    fn enter_all(&mut self, folders: Vec<PathBuf>) -> bool {
        let mut waits = false;
        for folder in folders.iter().rev() {
            waits |= self.enter(folder);
        }
        waits
    }
}

fn helped(problem: Problem, help: &str) -> Problem {
    if problem.help.is_some() { problem } else { problem.help(help) }
}

/// Returns the parent folders, nearest first.
fn folders_above(folder: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut current = folder.to_path_buf();
    // A folder without a real path does not exist, and neither do its parents.
    while !current.join(".git").exists() && current.canonicalize().is_ok_and(|real| real.parent().is_some()) {
        current = up(&current);
        folders.push(current.clone());
    }
    folders
}

/// Returns the folder that contains a path, in the same notation.
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
