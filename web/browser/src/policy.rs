//! A loaded policy and its reports: the command `check` without a disk.

use hallpass_policy::{GkeVersion, Options, Profile};
use hallpass_report::{
    Installed, Judge, Native, Parsed, Problem, Report, Wanted, nothing_to_judge, own, parse_all,
};
use self_cell::self_cell;
use serde::Serialize;

const PROFILE: Wanted = Wanted { called: "a profile", kind: "ConstraintProfile" };

/// A file from any source.
#[derive(Clone, Debug)]
pub struct File {
    /// The name in reports.
    pub name: String,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// The constraints to enforce.
#[derive(Clone, Debug)]
pub enum Constraints {
    /// Those of a built-in profile.
    BuiltIn(Box<Profile>),
    /// Those of a `ConstraintProfile`.
    File(File),
}

impl Default for Constraints {
    fn default() -> Self {
        Constraints::BuiltIn(Box::new(Profile::autopilot()))
    }
}

impl Constraints {
    /// Returns the profile, or why it is invalid.
    pub(crate) fn profile(&self) -> Result<Profile, Vec<Problem>> {
        let file = match self {
            Constraints::BuiltIn(profile) => return Ok(profile.as_ref().clone()),
            Constraints::File(file) => file,
        };
        let parsed = own(&file.name, &file.bytes, &PROFILE)?;
        Profile::read(parsed.document.root())
            .map_err(|faults| faults.iter().map(|fault| parsed.problem(fault)).collect())
    }
}

/// The settings in addition to allowlists.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The constraints to enforce; by default, Autopilot's.
    pub constraints: Constraints,
    /// The cluster's version, if known.
    pub gke_version: Option<GkeVersion>,
    /// Deny workloads whose verdict depends on an assumption.
    pub strict: bool,
    /// Report no error if no workload is found.
    pub allow_empty: bool,
}

/// The result of a load.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Loaded {
    /// The names of the loaded allowlists.
    pub allowlists: Vec<String>,
    /// Why other allowlists were not loaded. Every report also contains these errors, until a load without them.
    pub errors: Vec<Problem>,
    /// Parts of allowlists that have no effect.
    pub warnings: Vec<Problem>,
}

type Documents<'s> = Vec<Parsed<'s>>;

self_cell! {
    /// The texts of allowlists, and their documents.
    struct Texts {
        owner: Vec<File>,
        #[covariant]
        dependent: Documents,
    }
}

self_cell! {
    /// The documents, and the allowlists in them.
    struct Set {
        owner: Texts,
        #[not_covariant]
        dependent: Installed,
    }
}

/// Loaded allowlists and settings, with which workloads are evaluated.
pub struct Policy {
    set: Set,
    /// `None` if the profile is invalid. Do not fall back to other constraints than the requested ones.
    profile: Option<Profile>,
    settings: Settings,
    loaded: Loaded,
}

impl Default for Policy {
    /// Without allowlists.
    fn default() -> Self {
        Policy::new(Vec::new(), Settings::default())
    }
}

impl Policy {
    /// Loads allowlists. Invalid ones do not count; [`Policy::loaded`] returns the errors.
    #[must_use]
    pub fn new(allowlists: Vec<File>, settings: Settings) -> Self {
        let mut report = Report::default();
        let profile = settings.constraints.profile().map_err(|problems| report.errors = problems).ok();
        let asked_for = profile.is_some();
        let texts = Texts::new(allowlists, |files| {
            let texts = files.iter().filter(|_| asked_for);
            parse_all(texts.map(|file| (file.name.as_str(), file.bytes.as_slice())), &mut report.errors)
        });
        let mut names = Vec::new();
        let set = Set::new(texts, |texts| {
            let files = texts.borrow_owner().iter().filter(|_| asked_for);
            let files: Vec<&str> = files.map(|file| file.name.as_str()).collect();
            let installed = Installed::new(texts.borrow_dependent(), &files, &mut report);
            names = installed.manifests.iter().filter_map(|found| found.name()).map(str::to_owned).collect();
            installed
        });
        let loaded = Loaded { allowlists: names, errors: report.errors, warnings: report.warnings };
        Policy { set, profile, settings, loaded }
    }

    /// Returns what was loaded, and the errors.
    #[must_use]
    pub fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// Evaluates every workload in the files.
    #[must_use]
    pub fn check(&self, files: &[File]) -> Report {
        let Loaded { errors, warnings, .. } = self.loaded.clone();
        let mut report = Report { errors, warnings, ..Report::default() };
        if let Some(profile) = &self.profile {
            report.summary.not_evaluated = profile.not_evaluated().to_vec();
            self.judge(profile, files, &mut report);
        }
        report.summary.errors = report.errors.len();
        report
    }

    fn judge(&self, profile: &Profile, files: &[File], report: &mut Report) {
        let Settings { gke_version: target, strict, allow_empty, .. } = self.settings;
        let options = Options { profile, target, strict };
        self.set.with_dependent(|_, installed| {
            let engine = Native { allowlists: &installed.set, options };
            let judge = Judge { installed, engine, snippets: false };
            for file in files {
                report.add(&file.name, judge.file(&file.name, &file.bytes, true));
            }
        });
        if !self.loaded.errors.is_empty() {
            report.doubt_denials();
        }
        report.note_allowlists();
        if report.summary.workloads == 0 && report.errors.is_empty() && !allow_empty {
            let file = if let [file] = files { file.name.as_str() } else { "" };
            report.errors.push(nothing_to_judge(file, &report.summary, "set `allowEmpty`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Constraints, File, Policy, Settings};

    const POD: &str =
        "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: yes\n  containers: [{name: c, image: i}]\n";

    fn file(name: &str, text: &str) -> File {
        File { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn allowlist(name: &str) -> String {
        format!(
            "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {{name: {name}}}\n\
             exemptions: [autogke-disallow-hostnamespaces]\n\
             matchingCriteria: {{hostPID: true, containers: [{{name: c, image: i}}]}}\n"
        )
    }

    #[test]
    fn nothing_is_installed_at_first() {
        let report = Policy::default().check(&[file("pod.yaml", POD)]);
        assert_eq!((report.summary.denied, report.errors.len()), (1, 0));
    }

    #[test]
    fn an_allowlist_at_fault_does_not_count_and_every_report_says_so() {
        let files = vec![file("a.yaml", &allowlist("a")), file("b.yaml", "kind: [")];
        let policy = Policy::new(files, Settings::default());
        assert_eq!(policy.loaded().allowlists, ["a"]);
        for _ in 0..2 {
            let report = policy.check(&[file("pod.yaml", POD)]);
            assert_eq!(report.summary.exempted, 1);
            assert_eq!(report.errors.iter().map(|error| error.file.as_str()).collect::<Vec<_>>(), ["b.yaml"]);
            assert_eq!(report.summary.errors, 1);
        }
    }

    #[test]
    fn with_a_profile_at_fault_nothing_is_judged() {
        let settings = Settings {
            constraints: Constraints::File(file("profile.yaml", "kind: Profile")),
            ..Settings::default()
        };
        let policy = Policy::new(vec![file("a.yaml", &allowlist("a"))], settings);
        let report = policy.check(&[file("pod.yaml", POD)]);
        assert!(policy.loaded().allowlists.is_empty() && report.results.is_empty());
        assert!(!report.errors.is_empty() && report.errors.iter().all(|error| error.file == "profile.yaml"));
    }

    #[test]
    fn what_holds_no_workload_is_an_error_unless_that_is_allowed() {
        for (allow_empty, errors) in [(false, 1), (true, 0)] {
            let policy = Policy::new(Vec::new(), Settings { allow_empty, ..Settings::default() });
            assert_eq!(policy.check(&[file("list.yaml", &allowlist("a"))]).errors.len(), errors);
        }
    }
}
