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
        if !config.written.paths.is_empty() {
            settings.scope = if settings.paths.is_empty() { Scope::All } else { Scope::Part };
        }
        if settings.paths.is_empty() {
            settings.paths = config.existing("paths", &config.written.paths, missing);
        }
        if settings.allowlists.is_empty() {
            settings.allowlists = config.existing("allowlists", &config.written.allowlists, missing);
        }
        if let (None, Some(written)) = (&arguments.profile, &config.written.profile) {
            settings.profile = PathBuf::from(written);
            missing.extend(config.unknown_profile(written));
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
    fn existing(&self, list: &str, written: &[String], missing: &mut Vec<Problem>) -> Vec<PathBuf> {
        for (index, path) in written.iter().enumerate().filter(|(_, path)| is_missing(path)) {
            let help = || "write a path relative to the working directory, or remove it".to_owned();
            missing.push(self.problem(
                format!("/{list}/{index}"),
                format!("`{path}` does not exist"),
                did_you_mean(Path::new(path), path).unwrap_or_else(help),
            ));
        }
        written.iter().map(PathBuf::from).collect()
    }

    fn unknown_profile(&self, written: &str) -> Option<Problem> {
        if Profile::built_in(written).is_some() || !is_missing(written) {
            return None;
        }
        let message = format!("no profile is named `{written}`, and no file has this path");
        let help = "write `autopilot`, `kubernetes`, or the path of a file relative to the working directory";
        let error = Diagnostic::new("/profile".to_owned(), message);
        Some(self.parsed.problem(&error.suggest(written, Profile::names(), help)))
    }
}

/// Other errors are reported where the file is read.
fn is_missing(path: &str) -> bool {
    Path::new(path).metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound)
}
