//! The reports for CI, over every case and every example: valid for the platforms, and the same as the JSON report.

mod read;
mod recorded;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use hallpass_document::{is_hidden, visible};
use jsonschema::{Draft, Validator};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use serde_json::Value;
use tempfile::TempDir;

use crate::cases::file::Case;
use crate::cases::rules;
use crate::support::{hallpass, piped, repository};

/// The formats other than JSON, with the names of their files.
const FORMATS: [(&str, &str); 5] = [
    ("sarif", "out.sarif"),
    ("junit", "junit.xml"),
    ("github", "commands.txt"),
    ("gitlab", "gitlab.json"),
    ("markdown", "summary.md"),
];

/// The schema of SARIF 2.1.0, from the npm packages that the page's tests need. `cargo xtask test` says if it is absent.
fn schema() -> Option<Validator> {
    let file = "web/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
    let Ok(text) = fs::read(repository().join(file)) else {
        assert!(std::env::var_os("HALLPASS_NPM").is_none(), "the packages are installed, but not `{file}`");
        println!("skipped: the schema of SARIF was not found; `cargo xtask dist` installs it");
        return None;
    };
    let mut schema: Value = serde_json::from_slice(&text).unwrap();
    for definition in ["run", "toolComponent"] {
        // Its pattern is not a regular expression: it ends with a bracket too many. hallpass does not write a language.
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    Some(
        jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true).build(&schema).unwrap(),
    )
}

/// The reports of one run.
struct Reports {
    exit: i32,
    json: Value,
    /// By format.
    texts: BTreeMap<&'static str, String>,
}

/// Runs `check` once, with all formats.
fn check(arguments: &[&str], folder: &Path) -> Reports {
    let out = TempDir::new().unwrap();
    let mut command = hallpass();
    command.arg("check").args(arguments).args(["--engine", "native", "-o", "json"]).current_dir(folder);
    for (format, file) in FORMATS {
        command.arg("-o").arg(format!("{format}={}", out.path().join(file).display()));
    }
    let (exit, json) = crate::support::check(&mut command);
    let text = |file| fs::read_to_string(out.path().join(file)).unwrap();
    Reports { exit, json, texts: FORMATS.map(|(format, file)| (format, text(file))).into() }
}

impl Reports {
    fn conform(&self, schema: Option<&Validator>, what: &str) {
        for (format, text) in &self.texts {
            assert!(!text.contains(|c| c != '\n' && is_hidden(c)), "{what}, {format}: {text}");
        }
        self.sarif(schema, what);
        self.junit(what);
        self.github(what);
        self.gitlab(what);
        let summary = &self.json["summary"];
        let heading = format!("### hallpass check: {} workload", summary["workloads"]);
        assert!(self.texts["markdown"].contains(&heading), "{what}: {}", self.texts["markdown"]);
    }

    fn count(&self, key: &str) -> usize {
        usize::try_from(self.json["summary"][key].as_u64().unwrap()).unwrap()
    }

    fn outcomes(&self) -> impl Iterator<Item = &Value> {
        self.json["results"].as_array().unwrap().iter()
    }

    fn sarif(&self, schema: Option<&Validator>, what: &str) {
        let log: Value = serde_json::from_str(&self.texts["sarif"]).unwrap();
        if let Some(schema) = schema {
            let faults: Vec<String> =
                schema.iter_errors(&log).map(|it| format!("{}: {it}", it.instance_path())).collect();
            assert!(faults.is_empty(), "{what}: {faults:#?}\n{log:#}");
        }
        let run = &log["runs"][0];
        let successful = run["invocations"][0]["executionSuccessful"].as_bool().unwrap();
        assert_eq!(successful, self.count("errors") == 0, "{what}");
        let errors: Vec<&Value> =
            run["results"].as_array().unwrap().iter().filter(|result| result["level"] == "error").collect();
        // Two workloads in a file may have the same name.
        let denied: BTreeSet<(String, String)> =
            self.outcomes().filter(|it| it["verdict"] == "denied").map(named).collect();
        let explained = errors.iter().filter(|error| error["ruleId"] != "hallpass/input").map(|error| {
            let uri = &error["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            let message = error["message"]["text"].as_str().unwrap();
            let names = denied.iter().map(|(_, name)| name);
            let name = names.filter(|name| message.starts_with(&format!("{}: ", visible(name)))).max();
            (
                read::sarif::path(uri.as_str().unwrap()),
                name.unwrap_or_else(|| panic!("{what}: {message}")).clone(),
            )
        });
        assert_eq!(explained.collect::<BTreeSet<_>>(), denied, "{what}");
        for result in run["results"].as_array().unwrap() {
            let (_, links) = read::sarif::links(result["message"]["text"].as_str().unwrap());
            let related = result["relatedLocations"].as_array().map_or(0, Vec::len);
            assert_eq!(links.len(), related, "{what}: {result:#}");
        }
        assert!(!errors.is_empty() || self.exit == 0 || self.exit == 3, "{what}: exit {}", self.exit);
        for uri in run["artifacts"].as_array().unwrap() {
            read::sarif::path(uri["location"]["uri"].as_str().unwrap());
        }
    }

    fn junit(&self, what: &str) {
        let cases = read::junit::read(&self.texts["junit"]);
        let with =
            |name: &str| cases.iter().filter(|case| case.elements.iter().any(|it| it.0 == name)).count();
        assert_eq!(cases.len(), self.count("workloads") + self.count("errors"), "{what}");
        for (case, outcome) in cases.iter().skip(self.count("errors")).zip(self.outcomes()) {
            let (file, name) = named(outcome);
            assert_eq!((case.name.as_str(), &case.class), (&*visible(&name), &file), "{what}");
            assert_eq!((&case.file, &case.line), (&Some(file), &Some(outcome["line"].to_string())), "{what}");
        }
        assert_eq!((with("failure"), with("error")), (self.count("denied"), self.count("errors")), "{what}");
    }

    fn github(&self, what: &str) {
        let (commands, others) = read::github::read(&self.texts["github"]);
        let errors = commands.iter().filter(|command| command.name == "error").count();
        assert_eq!(errors == 0, self.exit == 0, "{what}");
        for command in commands {
            assert!(
                command.properties.contains_key("title") && !command.message.is_empty(),
                "{what}: {command:?}"
            );
        }
        assert!(errors <= 10 && others[0].starts_with("hallpass check: "), "{what}: {others:?}");
    }

    fn gitlab(&self, what: &str) {
        let issues: Vec<Value> = serde_json::from_str(&self.texts["gitlab"]).unwrap();
        let critical = issues.iter().filter(|issue| issue["severity"] == "critical").count();
        assert_eq!(critical == 0, self.exit == 0, "{what}");
    }
}

/// Returns the file and the name of a workload.
fn named(outcome: &Value) -> (String, String) {
    let text = |key: &str| outcome[key].as_str().unwrap_or("(no name)").to_owned();
    let namespace =
        outcome["namespace"].as_str().map(|namespace| format!("{namespace}/")).unwrap_or_default();
    (text("file"), format!("{} {namespace}{}", text("kind"), text("name")))
}

/// The allowlists, the version, strict mode and the profile.
type Settings = (Vec<String>, Option<String>, bool, Option<String>);

/// Cases with the same settings, which one run can evaluate.
type Groups = BTreeMap<Settings, Vec<Case>>;

#[test]
fn every_case_has_valid_reports() {
    let schema = schema();
    let (files, failures) = rules::read_all(&repository().join("cases"));
    assert!(failures.is_empty(), "{failures:?}");
    files.into_par_iter().for_each(|file| {
        let mut groups = Groups::new();
        for case in file.cases {
            let allowlists = case.allowlists().to_vec();
            let key = (allowlists, case.gke_version.clone(), case.strict, case.profile.clone());
            groups.entry(key).or_default().push(case);
        }
        for (settings, cases) in groups {
            let what = format!("cases/{}.yaml, `{}` and others with its settings", file.rule, cases[0].name);
            check_group(&settings, &cases).conform(schema.as_ref(), &what);
        }
    });
}

fn check_group((allowlists, version, strict, profile): &Settings, cases: &[Case]) -> Reports {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("workloads")).unwrap();
    for (index, case) in cases.iter().enumerate() {
        let bytes: Vec<u8> = match case.latin1 {
            true => case.workload.chars().map(|c| u8::try_from(c).unwrap()).collect(),
            false => case.workload.clone().into_bytes(),
        };
        write(&format!("workloads/{index:03}.yaml"), &bytes);
    }
    let mut arguments = vec!["workloads"];
    let names: Vec<String> = (0..allowlists.len()).map(|index| format!("allowlist-{index}.yaml")).collect();
    for (name, allowlist) in names.iter().zip(allowlists) {
        write(name, allowlist.as_bytes());
        arguments.extend(["-a", name]);
    }
    if let Some(version) = version {
        arguments.extend(["--gke-version", version]);
    }
    if *strict {
        arguments.push("--strict");
    }
    if let Some(profile) = profile {
        write("profile.yaml", profile.as_bytes());
        arguments.extend(["--profile", "profile.yaml"]);
    }
    check(&arguments, folder.path())
}

#[test]
fn every_example_has_valid_reports() {
    let schema = schema();
    for path in
        ["examples/agent.yaml", "examples/agent-upgraded.yaml", "examples/web.yaml", "examples", "cases"]
    {
        let reports = check(&[path, "-a", "examples/allowlists"], &repository());
        reports.conform(schema.as_ref(), path);
    }
}

fn fixture(name: &str) -> PathBuf {
    repository().join("host/tests/cmd/denials.in").join(name)
}

#[test]
fn fingerprints_stay_when_lines_move_and_change_with_the_workload() {
    let text = fs::read_to_string(fixture("many.yaml")).unwrap();
    let fingerprints = |text: &str| -> Vec<Value> {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("w.yaml"), text).unwrap();
        let reports = check(&["w.yaml"], folder.path());
        let log: Value = serde_json::from_str(&reports.texts["sarif"]).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        assert!(!results.is_empty());
        results.iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    let before = fingerprints(&text);
    assert_eq!(before, fingerprints(&format!("# a comment\n\n{text}")));
    let renamed = fingerprints(&text.replace("name: ", "name: x"));
    assert!(before.iter().all(|fingerprint| !renamed.contains(fingerprint)), "{before:#?}\n{renamed:#?}");
}

#[test]
fn a_report_that_cannot_be_written_is_an_error_and_the_others_are_written() {
    let folder = TempDir::new().unwrap();
    let web = repository().join("examples/web.yaml");
    let mut command = hallpass();
    command.arg("check").arg(&web).args([
        "-o",
        "junit=missing/junit.xml",
        "-o",
        "sarif=out.sarif",
        "-o",
        "json",
    ]);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok());
    assert!(folder.path().join("out.sarif").is_file());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with("error: cannot be written: no such file or directory\n--> missing/junit.xml\n"),
        "{error}"
    );
}

#[test]
fn a_file_holds_the_same_bytes_as_stdout() {
    let folder = TempDir::new().unwrap();
    for (format, file) in FORMATS.into_iter().chain([("json", "report.json"), ("pretty", "report.txt")]) {
        let run = |output: &str| {
            let mut command = hallpass();
            command.args(["check", "--color", "always", "-o", output]).current_dir(folder.path());
            command.arg(repository().join("examples/agent-upgraded.yaml"));
            command.output().unwrap()
        };
        let (on_stdout, in_file) = (run(format), run(&format!("{format}={file}")));
        assert_eq!((on_stdout.status.code(), in_file.status.code()), (Some(1), Some(1)));
        assert!(in_file.stdout.is_empty() && in_file.stderr.is_empty());
        let written = fs::read(folder.path().join(file)).unwrap();
        if format == "pretty" {
            assert!(on_stdout.stdout.contains(&0x1b) && !written.contains(&0x1b), "files have no colors");
        } else {
            assert!(on_stdout.stdout == written, "{format}");
        }
    }
}

#[test]
fn a_report_on_stdin_has_a_location() {
    let bytes = fs::read(fixture("many.yaml")).unwrap();
    let output = piped(hallpass().args(["check", "-", "-o", "sarif"]), &bytes);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    if let Some(schema) = schema() {
        assert!(schema.is_valid(&log));
    }
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "stdin");
    assert!(result["message"]["text"].as_str().unwrap().contains("\non stdin, at -:"), "{result}");
}

#[cfg(unix)]
#[test]
fn a_report_on_stderr_keeps_what_a_file_already_contains() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log");
    fs::write(&log, "before\n").unwrap();
    let mut command = hallpass();
    command
        .args(["check", "-o", "github", "-o", "pretty=/dev/stderr"])
        .arg(repository().join("examples/web.yaml"));
    let output = command.stderr(fs::File::options().append(true).open(&log).unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.starts_with(b"hallpass check: 1 workload"));
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.starts_with("before\nadmitted Deployment shop/web"), "{text}");
}
