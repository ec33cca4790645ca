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
    /// Files that the config names and that do not exist.
    pub(crate) missing: Vec<Problem>,
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
            missing: Vec::new(),
        };
        let Some(config) = config else { return settings };
        let missing = &mut settings.missing;
        // Allowlists and the profile decide with the config what is admitted, so a config of another revision takes them
        // from there.
        let folder = arguments.config.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        if !config.written.paths.is_empty() {
            settings.scope = if settings.paths.is_empty() { Scope::All } else { Scope::Part };
        }
        if settings.paths.is_empty() {
            settings.paths = config.written.paths.iter().map(PathBuf::from).collect();
            let help = "write a path relative to the working directory, or remove it";
            config.report_missing("paths", &settings.paths, help, missing);
        }
        if settings.allowlists.is_empty() {
            settings.allowlists =
                config.written.allowlists.iter().map(|path| resolve(folder, path)).collect();
            let help = "write a path relative to the folder of the config, or remove it";
            config.report_missing("allowlists", &settings.allowlists, help, missing);
        }
        if let (None, Some(written)) = (&arguments.profile, &config.written.profile) {
            if Profile::built_in(written).is_some() {
                settings.profile = PathBuf::from(written);
            } else {
                settings.profile = resolve(folder, written);
                missing.extend(config.unknown_profile(written, &settings.profile));
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

impl Config<'_> {
    fn report_missing(&self, list: &str, paths: &[PathBuf], help: &str, missing: &mut Vec<Problem>) {
        for (index, path) in paths.iter().enumerate().filter(|(_, path)| is_missing(path)) {
            let message = format!("`{}` does not exist", path.display());
            let help = did_you_mean(path, &path.display().to_string()).unwrap_or_else(|| help.to_owned());
            missing.push(self.problem(format!("/{list}/{index}"), message, help));
        }
    }

    fn unknown_profile(&self, written: &str, path: &Path) -> Option<Problem> {
        if !is_missing(path) {
            return None;
        }
        let message =
            format!("no profile is named `{written}`, and no file has the path `{}`", path.display());
        let help =
            "write `autopilot`, `kubernetes`, or the path of a file relative to the folder of the config";
        let error = Diagnostic::new("/profile".to_owned(), message);
        Some(self.parsed.problem(&error.suggest(written, Profile::names(), help)))
    }
}

/// Other errors are reported where the file is read.
fn is_missing(path: &Path) -> bool {
    path.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound)
}
