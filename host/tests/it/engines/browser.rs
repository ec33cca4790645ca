//! The browser module in Node and in Chromium: its reports are those of `hallpass check -o json`, byte for byte.
//!
//! `HALLPASS_NPM` names the npm package that `cargo xtask dist` has built; `cargo xtask test` sets it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::question::of_samples;
use crate::cases;
use crate::cases::file::Case;
use crate::support::{hallpass, repository};

/// The exit status if Chromium is not installed.
const NO_CHROMIUM: i32 = 77;

/// A request in both forms: files for the command line, and the same for JavaScript.
pub(super) struct Question {
    pub(super) name: String,
    pub(super) folder: TempDir,
    arguments: Vec<String>,
    pub(super) manifests: Vec<Json>,
    pub(super) allowlists: Vec<Json>,
    options: Json,
}

impl Question {
    fn new(name: &str) -> Self {
        let arguments = ["check", "--output", "json", "--engine", "native", "--allow-empty"];
        Question {
            name: name.to_owned(),
            folder: TempDir::new().unwrap(),
            arguments: arguments.map(str::to_owned).to_vec(),
            manifests: Vec::new(),
            allowlists: Vec::new(),
            options: json!({"allowEmpty": true}),
        }
    }

    pub(super) fn file(&self, name: &str, content: &[u8]) -> Json {
        std::fs::write(self.folder.path().join(name), content).unwrap();
        match str::from_utf8(content) {
            Ok(text) => json!({"name": name, "content": text}),
            Err(_) => json!({"name": name, "content": content}),
        }
    }

    fn manifest(&mut self, name: &str, content: &[u8]) {
        let file = self.file(name, content);
        self.manifests.push(file);
        self.arguments.push(name.to_owned());
    }

    fn allowlist(&mut self, name: &str, content: &[u8]) {
        let file = self.file(name, content);
        self.allowlists.push(file);
        self.option("--allowlists", name);
    }

    fn option(&mut self, name: &str, value: &str) {
        self.arguments.extend([name.to_owned(), value.to_owned()]);
    }

    fn settings(&mut self, gke_version: Option<&str>, strict: bool) {
        if let Some(version) = gke_version {
            self.option("--gke-version", version);
            self.options["gkeVersion"] = version.into();
        }
        if strict {
            self.arguments.push("--strict".to_owned());
            self.options["strict"] = true.into();
        }
    }

    fn of_case(case: &Case) -> Self {
        let mut question = Question::new(&case.name);
        let workload = match case.latin1 {
            true => case.workload.chars().map(|c| u8::try_from(c).unwrap()).collect(),
            false => case.workload.clone().into_bytes(),
        };
        question.manifest("workload.yaml", &workload);
        for (index, text) in case.allowlists().iter().enumerate() {
            question.allowlist(&format!("allowlist-{index}.yaml"), text.as_bytes());
        }
        question.settings(case.gke_version.as_deref(), case.strict);
        if let Some(profile) = &case.profile {
            question.options["profile"] = question.file("profile.yaml", profile.as_bytes());
            question.option("--profile", "profile.yaml");
        }
        question
    }

    /// Returns the output of the command line.
    fn printed(&self) -> String {
        let output = hallpass().args(&self.arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.stderr.is_empty(), "`{}`: {}", self.name, String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn asked(&self) -> Json {
        json!({"manifests": self.manifests, "allowlists": self.allowlists, "options": self.options})
    }
}

pub(super) fn all_cases() -> Vec<Question> {
    let (files, _) = cases::rules::read_all(&repository().join("cases"));
    let questions: Vec<Question> = files.iter().flat_map(|file| &file.cases).map(Question::of_case).collect();
    assert!(questions.len() > 400, "only {} cases", questions.len());
    questions
}

fn all_samples() -> Vec<Question> {
    let ask = |sample: &super::question::Question| {
        let mut question = Question::new(&sample.name);
        question.manifest("workload.json", sample.document.as_bytes());
        for (index, allowlist) in sample.load["allowlists"].as_array().unwrap().iter().enumerate() {
            question.allowlist(&format!("allowlist-{index}.json"), allowlist.to_string().as_bytes());
        }
        question.settings(sample.load["gkeVersion"].as_str(), sample.load["strict"] == true);
        question
    };
    of_samples().iter().map(ask).collect()
}

pub(super) fn package() -> Option<PathBuf> {
    let package = std::env::var_os("HALLPASS_NPM").map(PathBuf::from);
    if package.is_none() {
        println!("skipped: `HALLPASS_NPM` names no package; `cargo xtask dist` builds it");
    }
    package
}

/// Returns what a script answers to questions; `None` without a browser.
pub(super) fn answers(script: &str, package: &Path, asked: Vec<Json>) -> Option<Vec<String>> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), Json::from(asked).to_string()).unwrap();
    let script = repository().join("host/tests/it/engines/browser").join(script);
    let output = Command::new("node").arg(script).arg(package).arg(file.path()).output().unwrap();
    if output.status.code() == Some(NO_CHROMIUM) {
        println!("skipped: Chromium was not found");
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn same(script: &str, questions: impl FnOnce() -> Vec<Question>) {
    let Some(package) = package() else { return };
    let questions = questions();
    let asked = questions.iter().map(Question::asked).collect();
    let Some(reports) = answers(script, &package, asked) else { return };
    assert_eq!(reports.len(), questions.len());
    let differ = |(question, report): &(&Question, &String)| question.printed() != format!("{report}\n");
    let differing: Vec<String> = questions
        .iter()
        .zip(&reports)
        .filter(differ)
        .map(|(question, report)| format!("`{}`\n{}\n{report}", question.name, question.printed()))
        .collect();
    assert!(
        differing.is_empty(),
        "{} of {} differ\n{}",
        differing.len(),
        reports.len(),
        differing.join("\n")
    );
}

#[test]
fn every_case_in_node() {
    same("node.mjs", all_cases);
}

#[test]
fn random_workloads_in_node() {
    same("node.mjs", all_samples);
}

#[test]
fn every_case_in_chromium() {
    same("chromium.mjs", all_cases);
}
