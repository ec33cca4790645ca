use std::fs;
use std::path::Path;

use clap::Parser;
use hallpass_renderer::File;
use serde_json::{Value, json};

use super::{Rendered, deliver};
use crate::cli::Render;
use crate::exit::Exit;
use crate::output::Problem;
use crate::output::pretty::render::render;
use crate::rendered::TreeReport;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    render: Render,
}

fn arguments(out: &Path, options: &[&str]) -> Render {
    let out = out.to_str().expect("a path in UTF-8");
    let fixed = ["render", "--fleet", "fleet.yaml", "--out", out];
    Arguments::try_parse_from(fixed.iter().chain(options)).expect("good arguments").render
}

fn rendered(files: &[(&str, &str)]) -> Rendered {
    let files =
        files.iter().map(|(path, text)| File { path: (*path).to_owned(), contents: (*text).to_owned() });
    Rendered {
        fleet: "acme".to_owned(),
        head: "",
        files: files.collect(),
        allowlists: vec![],
        additions: vec![],
        warnings: vec![],
    }
}

fn run(out: &Path, options: &[&str], files: &[(&str, &str)]) -> TreeReport {
    deliver(&arguments(out, options), out, rendered(files))
}

/// The output for people, without colors, with the folder as `OUT`.
fn shown(report: &TreeReport) -> String {
    let text = anstream::adapter::strip_str(&render(report, false, 100)).to_string();
    text.replace(&report.out, "OUT")
}

fn valid_json(report: &TreeReport) -> Value {
    let schema: Value =
        serde_json::from_str(include_str!("../../../../schemas/render.schema.json")).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a JSON Schema");
    let json = serde_json::to_value(report).expect("JSON");
    let faults: Vec<_> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{json:#}");
    json
}

const ONE: &[(&str, &str)] = &[("a.yaml", "a: 1\n"), ("b.yaml", "b: 1\n")];
const TWO: &[(&str, &str)] = &[("a.yaml", "a: 2\n"), ("c.yaml", "c: 1\n")];

fn written() -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a temporary folder");
    let report = run(out.path(), &[], ONE);
    assert_eq!(report.exit(), Exit::Success);
    out
}

#[test]
fn a_run_says_what_it_did() {
    let out = written();
    assert_eq!(shown(&run(out.path(), &[], ONE)), "OUT holds 3 files: 3 unchanged\n");
    let report = run(out.path(), &[], TWO);
    assert_eq!(
        shown(&report),
        "replaced a.yaml\ncreated  c.yaml\nremoved  b.yaml\nreplaced hallpass.lock\n\n\
         OUT holds 3 files: 1 created, 2 replaced, 1 removed, 0 unchanged\n"
    );
    let json = valid_json(&report);
    assert_eq!(
        json["changes"][2],
        json!({"path": "b.yaml", "action": "remove", "lineEndsOnly": false, "diff": null, "clash": null})
    );
    assert_eq!(json["summary"], json!({"create": 1, "replace": 2, "remove": 1, "unchanged": 0, "errors": 0}));
    assert_eq!(render(&report, true, 100), "");
}

#[test]
fn a_check_shows_the_difference() {
    let out = written();
    let report = run(out.path(), &["--check"], ONE);
    assert_eq!(
        (report.exit(), shown(&report)),
        (Exit::Success, "OUT is up to date: 3 unchanged\n".to_owned())
    );
    valid_json(&report);

    let report = run(out.path(), &["--check"], TWO);
    assert_eq!(report.exit(), Exit::Denied);
    let text = shown(&report);
    assert!(
        text.starts_with("--- a/a.yaml\n+++ b/a.yaml\n@@ -1 +1 @@\n-a: 1\n+a: 2\n--- /dev/null\n"),
        "{text}"
    );
    let summary = "\n\nOUT is out of date: 1 to be created, 2 to be replaced, 1 to be removed, 0 unchanged\n";
    assert!(text.ends_with(summary), "{text}");
    assert_eq!(
        valid_json(&report)["changes"][0]["diff"],
        "--- a/a.yaml\n+++ b/a.yaml\n@@ -1 +1 @@\n-a: 1\n+a: 2\n"
    );
    assert_eq!(fs::read(out.path().join("a.yaml")).expect("a file"), b"a: 1\n");
}

#[test]
fn a_check_says_the_same_as_a_run_that_is_refused() {
    let out = written();
    fs::write(out.path().join("a.yaml"), "\u{1b}[2Jmine\t1\n").expect("written");
    fs::create_dir(out.path().join("c.yaml")).expect("a folder");
    let (check, run) = (run(out.path(), &["--check"], TWO), run(out.path(), &[], TWO));
    let refusal = "error: `a.yaml` was changed by hand since hallpass wrote it\n\
         --> OUT/a.yaml\n \
         = help: move the change to the fleet, delete the file or restore it from Git, and render again\n\n\
         error: `c.yaml` is a folder, but must be a file\n\
         --> OUT/c.yaml\n \
         = help: move the folder elsewhere, and render again\n";
    assert_eq!((run.exit(), shown(&run).as_str()), (Exit::Input, refusal));
    let text = shown(&check);
    assert_eq!(check.exit(), Exit::Input);
    let difference = "--- a/a.yaml\n+++ b/a.yaml\n@@ -1 +1 @@\n-\\u{1b}[2Jmine\t1\n+a: 2\n";
    assert!(text.starts_with(difference), "{text}");
    assert!(text.ends_with(&format!("\n\n{refusal}")), "{text}");
    let (check, run) = (valid_json(&check), valid_json(&run));
    assert_eq!(check["errors"], run["errors"]);
    assert_eq!(check["summary"]["errors"], 2);
    assert_eq!(check["changes"][0]["clash"], check["errors"][0]);
}

#[test]
fn a_refused_run_is_invalid_input() {
    let out = written();
    fs::write(out.path().join("hallpass.lock"), "version: 1\n<<<<<<< HEAD\n").expect("written");
    let report = run(out.path(), &[], TWO);
    assert_eq!(report.exit(), Exit::Input);
    let text = shown(&report);
    assert!(text.starts_with("error: the lock file contains merge conflict markers\n"), "{text}");
    assert!(text.contains("--> OUT/hallpass.lock:2:1\n"), "{text}");
    let json = valid_json(&report);
    assert_eq!((&json["errors"][0]["line"], &json["upToDate"]), (&json!(2), &json!(false)));
}

#[test]
fn line_ends_and_interrupted_runs_are_explained() {
    let out = written();
    fs::write(out.path().join("a.yaml"), "a: 1\r\n").expect("written");
    fs::create_dir(out.path().join(".hallpass-render")).expect("a folder");
    fs::copy(out.path().join("hallpass.lock"), out.path().join(".hallpass-render/pending-0"))
        .expect("copied");
    let report = run(out.path(), &["--check"], ONE);
    assert_eq!(report.exit(), Exit::Denied);
    assert_eq!(
        shown(&report),
        "a.yaml: only the line endings differ\n\n\
         warning: a run was interrupted, or is still active: the folder may be incomplete\n\
         --> OUT\n \
         = help: run `hallpass render` to complete the tree\n\n\
         warning: some files differ only in their line endings (CRLF)\n\
         --> OUT\n \
         = help: Git converts line endings here (`core.autocrlf`): add a `.gitattributes` with `* -text`\n         \
         to the folder\n\n\
         OUT is out of date: 1 to be replaced, 2 unchanged\n"
    );
    assert_eq!(valid_json(&report)["interrupted"], true);
}

#[test]
fn warnings_of_the_fleet_come_first() {
    let out = written();
    fs::write(out.path().join("a.yaml"), "a: 1\r\n").expect("written");
    let rendered = Rendered { warnings: vec![Problem::new("fleet.yaml", "first")], ..rendered(ONE) };
    let report = deliver(&arguments(out.path(), &["--check"]), out.path(), rendered);
    assert_eq!((report.warnings.len(), report.warnings[0].message.as_str()), (2, "first"));
}

#[test]
fn a_run_says_that_it_completed_an_interrupted_one() {
    let out = written();
    fs::create_dir(out.path().join(".hallpass-render")).expect("a folder");
    fs::copy(out.path().join("hallpass.lock"), out.path().join(".hallpass-render/pending-0"))
        .expect("copied");
    let report = run(out.path(), &[], ONE);
    assert_eq!(
        (report.exit(), shown(&report)),
        (
            Exit::Success,
            "OUT holds 3 files: 3 unchanged\nan earlier run was interrupted: this run has completed the tree\n"
                .to_owned()
        )
    );
    assert_eq!(valid_json(&report)["interrupted"], true);
    assert!(!out.path().join(".hallpass-render").exists());
}
