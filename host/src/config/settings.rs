//! The settings of a run: those of the command line, or else those of the config.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use hallpass_document::Diagnostic;
use hallpass_policy::{GkeVersion, Profile};

use super::Config;
use crate::cli::Check;
use crate::input::{Caller, Purpose, did_you_mean};
use crate::output::Problem;
use crate::profile;
use crate::reads::Reads;
use crate::resolve::resolve;

/// The settings that a config can contain.
pub(crate) struct Settings {
    /// The manifests; empty if neither the command line nor the config names any.
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) allowlists: Vec<PathBuf>,
    pub(crate) profile: PathBuf,
    pub(crate) gke_version: Option<GkeVersion>,
    pub(crate) scope: Scope,
    /// Files that the config names and that cannot be used.
    pub(crate) unusable: Vec<Problem>,
}

/// The part of the user's manifests that a run checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All: the paths are those of the config.
    All,
    /// Perhaps all: the config names no paths.
    Unknown,
    /// Perhaps a part: the command line replaces the paths of the config.
    Part,
}

impl Settings {
    /// Takes each setting from the command line, or else from the config.
    pub(crate) fn new(arguments: &Check, config: Option<&Config<'_>>) -> Self {
        let mut settings = Settings {
            paths: arguments.paths.clone(),
            allowlists: arguments.allowlists.clone(),
            profile: arguments.profile.clone().unwrap_or_else(|| PathBuf::from(profile::DEFAULT)),
            gke_version: arguments.gke_version,
            scope: Scope::Unknown,
            unusable: Vec::new(),
        };
        let Some(config) = config else { return settings };
        let named = Named { config, only_below: arguments.config.is_none() };
        let unusable = &mut settings.unusable;
        // Allowlists, the profile and the config together decide what is admitted, so a config of another revision takes
        // them from that revision.
        let folder = arguments.config.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        if !config.written.paths.is_empty() {
            settings.scope = if settings.paths.is_empty() { Scope::All } else { Scope::Part };
        }
        if settings.paths.is_empty() {
            settings.paths = config.written.paths.iter().map(PathBuf::from).collect();
            let help = "write a path relative to the working directory, or remove it";
            unusable.extend(named.unusable("paths", &settings.paths, help));
        }
        if settings.allowlists.is_empty() {
            settings.allowlists =
                config.written.allowlists.iter().map(|path| resolve(folder, path)).collect();
            let help = "write a path relative to the folder of the config, or remove it";
            unusable.extend(named.unusable("allowlists", &settings.allowlists, help));
        }
        if let (None, Some(written)) = (&arguments.profile, &config.written.profile) {
            if Profile::built_in(written).is_some() {
                settings.profile = PathBuf::from(written);
            } else {
                settings.profile = resolve(folder, written);
                unusable.extend(named.unusable_profile(written, &settings.profile));
            }
        }
        settings.gke_version = settings.gke_version.or(config.gke_version);
        settings
    }

    /// Returns everything that the run reads, except the config.
    pub(crate) fn reads(&self, arguments: &Check) -> Reads {
        let mut reads = Reads::default();
        let stdin = [PathBuf::from("-")];
        let paths = if self.paths.is_empty() { &stdin } else { self.paths.as_slice() };
        let (manifests, allowlists) = match arguments.no_render {
            true => (Purpose::Files, Purpose::Files),
            false => (Purpose::Manifests(Caller::Check), Purpose::Allowlists(Caller::Check)),
        };
        reads.paths(paths, manifests);
        reads.paths(&self.allowlists, allowlists);
        reads.profile(&self.profile);
        reads.values(&arguments.charts);
        reads
    }
}

/// The files that a config names.
struct Named<'n, 's> {
    config: &'n Config<'s>,
    /// Whether they must be below the working directory. A pull request can add a config there, and errors in the files
    /// show their lines.
    only_below: bool,
}

impl Named<'_, '_> {
    fn unusable(&self, list: &str, paths: &[PathBuf], help: &str) -> Vec<Problem> {
        let numbered = paths.iter().enumerate();
        let problem = |(index, path): (usize, &PathBuf)| {
            let pointer = format!("/{list}/{index}");
            let shown = path.display().to_string();
            if is_missing(path) {
                let help = did_you_mean(path, &shown).unwrap_or_else(|| help.to_owned());
                return Some(self.config.problem(pointer, format!("`{shown}` does not exist"), &help));
            }
            self.outside(pointer, path)
        };
        numbered.filter_map(problem).collect()
    }

    fn unusable_profile(&self, written: &str, path: &Path) -> Option<Problem> {
        if !is_missing(path) {
            return self.outside("/profile".to_owned(), path);
        }
        let message =
            format!("no profile is named `{written}`, and no file has the path `{}`", path.display());
        let help =
            "write `autopilot`, `kubernetes`, or the path of a file relative to the folder of the config";
        let error = Diagnostic::new("/profile".to_owned(), message);
        Some(self.config.parsed.problem(&error.suggest(written, Profile::names(), help)))
    }

    fn outside(&self, pointer: String, path: &Path) -> Option<Problem> {
        let here = Path::new(".").canonicalize().ok()?;
        let is_below = path.canonicalize().is_ok_and(|real| real.starts_with(here));
        let message = format!("`{}` is not below the working directory", path.display());
        let help =
            "name the config with `--config`, or the path on the command line, to read it all the same";
        (self.only_below && !is_below).then(|| self.config.problem(pointer, message, help))
    }
}

/// Whether a path does not exist. Reading the file reports other errors.
fn is_missing(path: &Path) -> bool {
    path.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound)
}
