//! Paths that are not UTF-8: a report cannot name them, and the name that it would show can be that of another file.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::support::hallpass;

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: example.com/a}]}\n";

const ALLOWLIST: &str = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: a-v1}\nexemptions: \
                         [autogke-disallow-hostnamespaces]\nmatchingCriteria: {hostPID: true, containers: [{name: a, \
                         image: example.com/a}]}\n";

const TEST: &str = "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: a\n    workload: {file: \
                    pod.yaml}\n    expect: {verdict: admitted}\n";

const CHART: &str = "apiVersion: v2\nname: a\nversion: 1.0.0\n";

/// A path below the folder; `?` is a byte that is not UTF-8.
fn path(folder: &TempDir, name: &str) -> PathBuf {
    let bytes: Vec<u8> = name.bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect();
    folder.path().join(OsStr::from_bytes(&bytes))
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let path = path(folder, name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Returns the exit code and the output.
fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let is_path = |argument: &&str| !argument.starts_with('-');
    let mut command = hallpass();
    command.current_dir(folder.path()).arg(arguments[0]);
    for argument in &arguments[1..] {
        match is_path(argument) && argument.contains('?') {
            true => command.arg(path(folder, argument).strip_prefix(folder.path()).unwrap()),
            false => command.arg(argument),
        };
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

/// The same files, with another pod in the folder whose name a report would show.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("n?/pod.yaml", POD.replace("spec: {", "spec: {hostPID: true, ")),
        ("n?/test.yaml", TEST.to_owned()),
        ("n\u{fffd}/pod.yaml", POD.to_owned()),
        ("t?.yaml", TEST.replace("admitted", "denied")),
        ("pod.yaml", POD.to_owned()),
        ("found/p?.yaml", POD.to_owned()),
        ("found/pod.yaml", POD.to_owned()),
        ("tests/t?.yaml", TEST.to_owned()),
        ("allow?.yaml", ALLOWLIST.to_owned()),
        ("allow.yaml", ALLOWLIST.to_owned()),
        ("c?/Chart.yaml", CHART.to_owned()),
        ("chart/Chart.yaml", CHART.to_owned()),
        ("v?.yaml", String::new()),
        ("p?.yaml", "apiVersion: hallpass.dev/v1alpha1\nkind: ConstraintProfile\n".to_owned()),
        ("f?.yaml", "apiVersion: hallpass.dev/v1alpha1\nkind: Fleet\n".to_owned()),
        ("h?.yaml", "gkeVersion: 1.34.1-gke.1000000\n".to_owned()),
    ] {
        write(&folder, name, &text);
    }
    std::os::unix::fs::symlink("pod.yaml", path(&folder, "link?.yaml")).unwrap();
    folder
}

#[test]
fn every_command_refuses_a_path_that_is_not_utf8() {
    let folder = folder();
    for arguments in [
        ["test", "n?/test.yaml"].as_slice(),
        &["test", "n?"],
        &["test", "t?.yaml", "--update"],
        &["test", "tests"],
        &["check", "n?/pod.yaml"],
        &["check", "n?"],
        &["check", "found"],
        &["check", "link?.yaml"],
        &["check", "c?"],
        &["check", "pod.yaml", "--allowlists", "allow?.yaml"],
        &["check", "pod.yaml", "--profile", "p?.yaml"],
        &["check", "pod.yaml", "--config", "h?.yaml"],
        &["check", "chart", "--values", "v?.yaml"],
        &["check", "chart", "--matrix", "v?.yaml"],
        &["generate", "n?/pod.yaml", "--name", "a-v1"],
        &["lint", "allow?.yaml"],
        &["lint", "n?"],
        &["lint", "found"],
        &["lint", "allow?.yaml", "--fix"],
        &["diff", "allow?.yaml", "allow.yaml"],
        &["diff", "allow.yaml", "allow?.yaml"],
        &["render", "--fleet", "f?.yaml", "--out", "out"],
    ] {
        let (exit, output) = run(&folder, arguments);
        assert_eq!(exit, 3, "{arguments:?}\n{output}");
        assert_eq!(output.matches("error: the path is not UTF-8\n").count(), 1, "{arguments:?}\n{output}");
        assert!(!output.contains("contains no test file"), "{output}");
        assert!(!output.contains("contains no manifests"), "{output}");
    }
    assert!(!path(&folder, "t\u{fffd}.yaml").exists());
    assert_eq!(fs::read_to_string(path(&folder, "t?.yaml")).unwrap(), TEST.replace("admitted", "denied"));
}

#[test]
fn other_files_of_a_folder_may_have_any_name() {
    let folder = TempDir::new().unwrap();
    write(&folder, "found/pod.yaml", POD);
    write(&folder, "found/n?", "");
    write(&folder, "found/n?.txt", "");
    write(&folder, "found/images?/a.png", "");
    assert_eq!(run(&folder, &["check", "found"]).0, 0);
}

#[test]
fn a_revision_with_such_a_path_is_refused() {
    let folder = TempDir::new().unwrap();
    write(&folder, "lists/a?.yaml", ALLOWLIST);
    write(&folder, "lists/a\u{fffd}.yaml", ALLOWLIST);
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(folder.path()).args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
        assert!(git.args(arguments).output().unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "a"]);
    fs::remove_file(path(&folder, "lists/a?.yaml")).unwrap();
    let (exit, output) = run(&folder, &["diff", "--git", "HEAD", "lists"]);
    assert_eq!(exit, 3, "{output}");
    assert!(output.contains("error: the path is not UTF-8\n"), "{output}");
}
