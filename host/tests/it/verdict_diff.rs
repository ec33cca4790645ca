//! `hallpass diff --workloads`: its JSON is as its schema says, and a side can be a Git revision.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{hallpass, report_as, repository};

/// Runs the command, and returns its exit code and its validated report.
fn compare(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let mut command = hallpass();
    command.current_dir(folder).args(["diff", "--workloads", "-o", "json"]).args(arguments);
    report_as("verdict-diff", &command.output().unwrap())
}

/// Returns how each workload has changed, by name.
fn changes(report: &Value) -> Vec<(&str, &str)> {
    let workloads = report["workloads"].as_array().unwrap();
    workloads.iter().map(|it| (it["name"].as_str().unwrap(), it["change"].as_str().unwrap())).collect()
}

#[test]
fn a_report_is_as_its_schema_says() {
    let folder = repository().join("host/tests/cmd/verdict-diff.in");
    let lists = ["--allowlists", "allowlists"];
    let (code, report) = compare(&folder, &[&["old", "new"], &lists[..]].concat());
    assert_eq!(code, 1);
    let expected = [
        ("acme-agent", "denied"),
        ("tracer", "new"),
        ("web", "privileged"),
        ("probe", "allowlist"),
        ("legacy", "allowed"),
        ("cart", "removed"),
    ];
    assert_eq!(changes(&report), expected);
    let (_, report) = compare(&folder, &[&["new", "old"], &lists[..]].concat());
    assert!(changes(&report).contains(&("web", "unprivileged")), "{report:#}");
    let (code, report) = compare(&folder, &[&["old", "invalid.yaml"], &lists[..]].concat());
    assert_eq!((code, &report["workloads"], &report["summary"]["workloads"]), (3, &json!([]), &json!(0)));
}

#[test]
fn both_engines_report_the_same_changes() {
    let folder = repository().join("host/tests/cmd/verdict-diff.in");
    let paths = ["old", "new", "--allowlists", "allowlists"];
    let (_, wasm) = compare(&folder, &paths);
    let (_, native) = compare(&folder, &[&paths[..], &["--engine", "native"]].concat());
    assert_eq!(wasm, native);
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=acme", "-c", "user.email=acme"]).args(arguments);
    let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_side_can_be_a_revision() {
    let fixtures = repository().join("host/tests/cmd/verdict-diff.in");
    let folder = TempDir::new().unwrap();
    let copy = |from: &str, to: &str| {
        let to = folder.path().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(fixtures.join(from), to).unwrap();
    };
    copy("allowlists/acme-agent-v1.0.0.yaml", "allowlists/agent.yaml");
    copy("old/agent.yaml", "deploy/acme/agent.yaml");
    std::os::unix::fs::symlink("agent.yaml", folder.path().join("deploy/acme/link.yaml")).unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "old"]);
    let lists = ["--allowlists", "allowlists"];
    let compare = |arguments: &[&str]| compare(folder.path(), &[arguments, &lists[..]].concat());

    let (code, report) = compare(&["--git", "main", "deploy"]);
    assert_eq!((code, changes(&report)), (0, vec![]));
    copy("new/agent.yaml", "deploy/acme/agent.yaml");
    let (code, report) = compare(&["--git", "main", "deploy"]);
    assert_eq!((code, changes(&report)), (1, vec![("acme-agent", "denied")]));
    let old = &report["workloads"][0]["old"];
    assert_eq!(old["file"], "main:deploy/acme/agent.yaml");
    assert_eq!(report["workloads"][0]["reasons"][0]["other"]["file"], "main:deploy/acme/agent.yaml");

    copy("new/shop.yaml", "deploy/shop.yaml");
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "new"]);
    // The old revision lacks the path, so all its workloads are new.
    let (code, report) = compare(&["--git", "HEAD~..", "deploy/shop.yaml"]);
    assert_eq!((code, report["summary"]["changed"].as_u64()), (1, Some(2)), "{report:#}");
    let (code, report) = compare(&["--git", "HEAD~..HEAD", "missing"]);
    assert_eq!((code, &report["errors"][0]["message"]), (3, &json!("neither side contains a workload")));
    let (code, report) = compare(&["--git", "nowhere", "deploy"]);
    assert_eq!(code, 3);
    assert!(report["errors"][0]["message"].as_str().unwrap().contains("revision `nowhere`"), "{report:#}");
    // Users have no temporary folder: the command to try is for a checkout.
    copy("chart/Chart.yaml", "broken/Chart.yaml");
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "chart"]);
    let mut command = hallpass();
    command.current_dir(folder.path()).args(["diff", "--workloads", "--git", "HEAD", "broken", "-o", "json"]);
    let failing = folder.path().join("bin");
    fs::create_dir(&failing).unwrap();
    fs::write(failing.join("helm"), "#!/bin/sh\nexit 1\n").unwrap();
    fs::set_permissions(failing.join("helm"), PermissionsExt::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    command.args(lists).env("PATH", format!("{}:{path}", failing.display()));
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let helps: Vec<&str> =
        report["errors"].as_array().unwrap().iter().map(|it| it["help"].as_str().unwrap()).collect();
    let [old, new] = helps.as_slice() else { panic!("{report:#}") };
    assert!(old.contains(" broken ") && old.ends_with(", in a checkout of `HEAD`"), "{old}");
    assert!(new.contains(" broken ") && !new.contains("checkout"), "{new}");

    let outside = folder.path().join("deploy");
    let (code, report) = self::compare(&outside, &["--git", "main", "../allowlists", "-a", "../allowlists"]);
    assert_eq!(code, 3);
    assert_eq!(report["errors"][0]["message"], "the path is not below the working directory");
}
