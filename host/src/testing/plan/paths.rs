//! Resolves the paths in a test file. A path that leads to nothing is an error at its location in the file.

use std::path::{Path, PathBuf};

use hallpass_policy::Profile;

use super::{Installed, Policy, Rendering, Source};
use crate::input::{did_you_mean, is_chart};
use crate::output::Problem;
use crate::resolve::resolve;
use crate::testing::file::{Allowlist, Chart, Setup, Test, TestFile};

/// Resolves the paths in a test file.
pub(super) struct Paths<'p, 's> {
    pub(super) file: &'p TestFile<'s>,
    /// The index of the file.
    pub(super) index: usize,
}

impl Paths<'_, '_> {
    /// Returns the policy of a test, or of the whole file; `None` if a path leads to nothing.
    pub(super) fn policy(
        &self,
        setup: &Setup,
        pointer: &str,
        common: Option<&Policy>,
        errors: &mut Vec<Problem>,
    ) -> Option<Policy> {
        let before = errors.len();
        let allowlists = match &setup.allowlists {
            Some(allowlists) => self.allowlists(allowlists, pointer, errors),
            None => common.map(|common| common.allowlists.clone()).unwrap_or_default(),
        };
        let profile = match &setup.profile {
            Some(profile) if Profile::built_in(profile).is_some() => PathBuf::from(profile),
            Some(profile) => {
                let help = "write `autopilot`, `kubernetes`, or a path relative to the test file";
                let path = self.existing("profile", profile, &format!("{pointer}/profile"), help, errors)?;
                // A file must not be read as the name of a built-in profile.
                if path.components().count() == 1 { Path::new(".").join(path) } else { path }
            }
            None => common.map_or_else(|| PathBuf::from("autopilot"), |common| common.profile.clone()),
        };
        // The file was checked: a version that is set can be parsed.
        let version = setup.gke_version.as_ref().and_then(|version| version.parse().ok());
        let policy = Policy {
            allowlists,
            gke_version: version.or(common.and_then(|common| common.gke_version)),
            profile,
            strict: setup.strict.unwrap_or_else(|| common.is_some_and(|common| common.strict)),
        };
        // If the file has no policy, neither do its tests.
        let is_whole = pointer == "/spec" || common.is_some();
        (errors.len() == before && is_whole).then_some(policy)
    }

    fn allowlists(
        &self,
        allowlists: &[Allowlist],
        pointer: &str,
        errors: &mut Vec<Problem>,
    ) -> Vec<Installed> {
        let mut installed = Vec::new();
        for (index, allowlist) in allowlists.iter().enumerate() {
            let pointer = format!("{pointer}/allowlists/{index}");
            match allowlist {
                Allowlist::Path(path) => {
                    let help = "write the path of a file or folder, relative to the test file";
                    let path = self.existing("allowlist", path, &pointer, help, errors);
                    installed.extend(path.map(Installed::Path));
                }
                Allowlist::Inline(_) => installed.push(Installed::Inline { file: self.index, pointer }),
            }
        }
        installed
    }

    pub(super) fn source(
        &self,
        test: &Test,
        index: usize,
        pointer: &str,
        errors: &mut Vec<Problem>,
    ) -> Option<Source> {
        let Some(path) = &test.workload.file else {
            return Some(Source::Inline { file: self.index, test: index });
        };
        let pointer = format!("{pointer}/workload/file");
        let found =
            self.existing("workload", path, &pointer, "write the path relative to the test file", errors)?;
        if found.is_dir() {
            let message = format!("`{path}` is a folder, not a file with workloads");
            let help = match is_chart(&found) {
                true => format!("write `chart: {{path: {path}}}` instead of `file`"),
                false => "name one file, and write a test for each".to_owned(),
            };
            errors.push(self.file.problem(&pointer, message, &help));
            return None;
        }
        Some(Source::File(found))
    }

    /// Returns how to render the chart of a test, once per variant.
    pub(super) fn chart(
        &self,
        chart: &Chart,
        policy: Option<&Policy>,
        pointer: &str,
        errors: &mut Vec<Problem>,
    ) -> Vec<Option<Rendering>> {
        let before = errors.len();
        let pointer = format!("{pointer}/workload/chart");
        let path = format!("{pointer}/path");
        let help = "write the path of the chart's folder, relative to the test file";
        let folder = self.existing("chart", &chart.path, &path, help, errors);
        if folder.as_ref().is_some_and(|folder| !is_chart(folder)) {
            let message = format!("`{}` is not a chart: it contains no `Chart.yaml`", chart.path);
            errors.push(self.file.problem(&path, message, help));
        }
        let mut files = |list: &str, paths: &[String]| -> Vec<Option<PathBuf>> {
            let file = |(index, path): (usize, &String)| {
                let help = "write the path of a file, relative to the test file";
                self.existing("values file", path, &format!("{pointer}/{list}/{index}"), help, errors)
            };
            paths.iter().enumerate().map(file).collect()
        };
        let values: Vec<PathBuf> = files("values", &chart.values).into_iter().flatten().collect();
        let matrix = files("matrix", &chart.matrix);
        let rendering = |variant: Option<PathBuf>| {
            Some(Rendering {
                folder: folder.clone()?,
                values: values.clone(),
                sets: chart.set.clone(),
                variant,
                gke_version: policy?.gke_version,
                // Only the constraints of other clusters say that there is no API for allowlists.
                has_allowlists: policy?.profile != Path::new("kubernetes"),
            })
        };
        if errors.len() > before {
            return chart.variants().map(|_| None).collect();
        }
        if matrix.is_empty() {
            return vec![rendering(None)];
        }
        matrix.into_iter().map(|variant| rendering(Some(variant?))).collect()
    }

    /// Returns a path that exists.
    fn existing(
        &self,
        called: &str,
        path: &str,
        pointer: &str,
        help: &str,
        errors: &mut Vec<Problem>,
    ) -> Option<PathBuf> {
        let found = resolve(self.file.folder(), path);
        if found.exists() {
            return Some(found);
        }
        let message = format!("{called} `{path}` does not exist");
        let help = did_you_mean(&found, path).unwrap_or_else(|| help.to_owned());
        errors.push(self.file.problem(pointer, message, &help));
        None
    }
}
