//! Which files are read, in which order, and what happens to files that cannot be read.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{check, column, hallpass, repository};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: NAME\nspec:\n  containers:\n  - name: agent\n    image: \
                   example.com/agent:1\n";

fn write_pod(path: &Path, name: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, POD.replace("NAME", name)).unwrap();
}

fn judge(folder: &TempDir, arguments: &[&str]) -> (i32, Value) {
    check(hallpass().current_dir(folder.path()).args(["check", "-o", "json"]).args(arguments))
}

#[test]
fn folders_are_read_in_the_order_of_names_whatever_the_number_of_threads() {
    let folder = TempDir::new().unwrap();
    for (path, name) in
        [("b/z.yml", "third"), ("b/a.json.yaml", "second"), ("a.yaml", "first"), ("c/d/e.yaml", "fourth")]
    {
        write_pod(&folder.path().join(path), name);
    }
    fs::write(folder.path().join("notes.txt"), "not a manifest").unwrap();
    for threads in ["1", "2", "7"] {
        let mut command = hallpass();
        command
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", threads)
            .args(["check", "-o", "json", "."]);
        let (exit, report) = check(&mut command);
        assert_eq!(exit, 0);
        assert_eq!(column(&report["results"], "name"), ["first", "second", "third", "fourth"]);
        assert_eq!(
            column(&report["results"], "file"),
            ["./a.yaml", "./b/a.json.yaml", "./b/z.yml", "./c/d/e.yaml"]
        );
    }
}

#[test]
fn whatever_kubectl_reads_of_a_folder_is_read() {
    let folder = TempDir::new().unwrap();
    // According to `kubectl label --local --filename FOLDER` of kubectl 1.32.
    let read = ["...yaml", ".json", ".yaml", ".yml", "a.b.yaml", "sub/.yaml"];
    let unread = [".yaml.", "a.yaml ", "a.yaml.bak", "a.yaml~", "a.json5", "a.", "yaml"];
    // kubectl ignores these, but checking more files does no harm.
    let more = [".YAML", "z.Yml"];
    for path in read.iter().chain(&unread).chain(&more) {
        write_pod(&folder.path().join("manifests").join(path), "pod");
    }
    let (exit, report) = judge(&folder, &["manifests"]);
    assert_eq!(exit, 0);
    let mut expected: Vec<String> =
        read.iter().chain(&more).map(|path| format!("manifests/{path}")).collect();
    expected.sort_unstable();
    let mut found = column(&report["results"], "file");
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_file_named_twice_is_judged_once() {
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("a.yaml"), "first");
    let (_, report) = judge(&folder, &["a.yaml", "./a.yaml", "."]);
    assert_eq!(report["summary"]["workloads"], 1);
}

#[test]
fn a_file_without_objects_is_skipped_in_a_folder_and_an_error_when_it_is_named() {
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("a/pod.yaml"), "first");
    for (path, content) in [
        ("a/values.yaml", "replicas: 3\n"),
        ("a/ci.yml", "on: push\n"),
        ("a/package.json", r#"{"name": "a"}"#),
        ("a/list.json", r#"[{"name": "a"}]"#),
        ("a/two.yaml", "a: 1\n---\nb: 2\n"),
        ("a/empty.yaml", "# nothing\n"),
    ] {
        fs::write(folder.path().join(path), content).unwrap();
    }
    let (exit, report) = judge(&folder, &["a"]);
    assert_eq!((exit, &report["summary"]["skippedFiles"]), (0, &Value::from(5)), "{report:#}");
    // Whatever other paths it is named by, in any order.
    for arguments in [["a", "a/values.yaml"], ["./a/values.yaml", "a"]] {
        let (exit, report) = judge(&folder, &arguments);
        assert_eq!((exit, &report["summary"]["skippedFiles"]), (3, &Value::from(4)));
        let message = "`kind` is missing: this is not a Kubernetes object";
        assert_eq!(column(&report["errors"], "message"), [message]);
    }
    // A file that may have been intended as an object, or cannot be read, is always an error.
    for content in ["Kind: Pod\nApiVersion: v1\n", "kind: Pod\n", "a: [\n", "[{kind: Pod, apiVersion: v1}]"] {
        fs::write(folder.path().join("a/values.yaml"), content).unwrap();
        let (exit, report) = judge(&folder, &["a"]);
        assert_eq!((exit, &report["summary"]["skippedFiles"]), (3, &Value::from(4)), "{content}");
    }
}

#[test]
fn a_folder_of_nothing_but_other_files_has_nothing_to_judge() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("ci.yml"), "on: push\n").unwrap();
    let (exit, report) = judge(&folder, &["."]);
    let message = "no workload was found: the only file contains no Kubernetes object";
    assert_eq!((exit, column(&report["errors"], "message")), (3, vec![message.to_owned()]));
    assert_eq!(judge(&folder, &[".", "--allow-empty"]).0, 0);
}

#[test]
fn a_file_without_objects_among_allowlists_is_skipped_too() {
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("a.yaml"), "first");
    let lists = folder.path().join("lists");
    fs::create_dir(&lists).unwrap();
    let list = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: a}\nexemptions: []\n\
                matchingCriteria: {}\n";
    fs::write(lists.join("list.yaml"), list).unwrap();
    fs::write(lists.join("values.yaml"), "replicas: 3\n").unwrap();
    let (exit, report) = judge(&folder, &["a.yaml", "--allowlists", "lists"]);
    assert_eq!((exit, &report["summary"]["skippedFiles"]), (0, &Value::from(1)));
    assert_eq!(
        judge(&folder, &["a.yaml", "--allowlists", "lists/list.yaml", "--allowlists", "lists/values.yaml"]).0,
        3
    );
}

#[test]
fn a_link_out_of_the_folder_is_named_and_not_followed() {
    let outside = TempDir::new().unwrap();
    write_pod(&outside.path().join("secret.yaml"), "secret");
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("manifests/a.yaml"), "first");
    symlink(outside.path().join("secret.yaml"), folder.path().join("manifests/b.yaml")).unwrap();
    symlink(outside.path(), folder.path().join("manifests/c")).unwrap();
    let (exit, report) = judge(&folder, &["manifests"]);
    assert_eq!(exit, 3, "what is behind the links went unjudged");
    assert_eq!(column(&report["results"], "name"), ["first"]);
    assert_eq!(column(&report["errors"], "file"), ["manifests/b.yaml", "manifests/c"]);
    let message = "a link that leads out of the folder, which is not followed";
    assert_eq!(column(&report["errors"], "message"), [message, message]);
}

#[test]
fn a_link_to_what_would_not_be_read_is_no_matter() {
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("manifests/a.yaml"), "first");
    fs::write(folder.path().join("LICENSE"), "not a manifest").unwrap();
    symlink("../LICENSE", folder.path().join("manifests/LICENSE")).unwrap();
    let (exit, report) = judge(&folder, &["manifests"]);
    assert_eq!((exit, &report["errors"]), (0, &serde_json::json!([])));
}

#[test]
fn a_misspelt_kind_among_allowlists_is_an_error() {
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("a.yaml"), "first");
    let lists = folder.path().join("lists");
    fs::create_dir(&lists).unwrap();
    let list = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: NAME}\nexemptions: []\n\
                matchingCriteria: {}\n";
    fs::write(lists.join("good.yaml"), list.replace("NAME", "good")).unwrap();
    let bad = list.replace("NAME", "bad").replace("Allowlist", "Alowlist");
    fs::write(lists.join("bad.yaml"), bad).unwrap();
    let (exit, report) = judge(&folder, &["a.yaml", "--allowlists", "lists"]);
    assert_eq!(exit, 3);
    assert_eq!(column(&report["errors"], "help"), ["did you mean `WorkloadAllowlist`?"]);
}

#[test]
fn a_link_inside_the_folder_adds_nothing_and_a_loop_ends() {
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("manifests/a.yaml"), "first");
    symlink("a.yaml", folder.path().join("manifests/b.yaml")).unwrap();
    symlink(".", folder.path().join("manifests/loop")).unwrap();
    let (exit, report) = judge(&folder, &["manifests"]);
    assert_eq!((exit, &report["summary"]["workloads"]), (0, &Value::from(1)));
    assert_eq!(report["errors"], serde_json::json!([]));
}

#[test]
fn a_link_that_leads_nowhere_is_an_error() {
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("manifests/a.yaml"), "first");
    symlink("gone.yaml", folder.path().join("manifests/b.yaml")).unwrap();
    let (exit, report) = judge(&folder, &["manifests"]);
    assert_eq!(exit, 3);
    assert_eq!(column(&report["errors"], "message"), ["a broken link"]);
}

#[test]
fn an_unreadable_file_is_an_error_and_the_others_are_judged() {
    /// The user `nobody` on every Unix.
    const NOBODY: u32 = 65534;
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("a.yaml"), "first");
    write_pod(&folder.path().join("b.yaml"), "second");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(folder.path().join("b.yaml"), fs::Permissions::from_mode(0o000)).unwrap();
    // Root can read everything, so the binary runs as another user, from a location that all users can access.
    let binary = folder.path().join("hallpass");
    fs::copy(env!("CARGO_BIN_EXE_hallpass"), &binary).unwrap();
    let mut command = std::process::Command::new(&binary);
    command.current_dir(folder.path()).args(["check", "-o", "json", "."]);
    if fs::File::open(folder.path().join("b.yaml")).is_ok() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let (exit, report) = check(&mut command);
    assert_eq!(exit, 3);
    assert_eq!(column(&report["results"], "name"), ["first"]);
    assert_eq!(column(&report["errors"], "message"), ["cannot be read: permission denied"]);
    assert_eq!(column(&report["errors"], "file"), ["./b.yaml"]);
}

#[test]
fn a_pipe_in_a_folder_is_an_error_and_not_waited_for() {
    let folder = TempDir::new().unwrap();
    write_pod(&folder.path().join("manifests/a.yaml"), "first");
    let pipe = folder.path().join("manifests/b.yaml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (exit, report) = judge(&folder, &["manifests"]);
    assert_eq!(exit, 3);
    assert_eq!(column(&report["results"], "name"), ["first"]);
    assert_eq!(column(&report["errors"], "message"), ["is not a regular file"]);
}

#[test]
fn a_folder_without_manifests_may_be_meant() {
    let folder = TempDir::new().unwrap();
    let (exit, report) = judge(&folder, &[".", "--allow-empty"]);
    assert_eq!((exit, &report["errors"]), (0, &serde_json::json!([])));
    assert_eq!(judge(&folder, &["."]).0, 3);
}

#[test]
fn thousands_of_faults_on_one_line_are_told_in_good_time() {
    let folder = TempDir::new().unwrap();
    let container =
        |index| format!(r#"{{"name": "c{index}", "image": "i", "securityContext": {{"privileged": true}}}}"#);
    let containers: Vec<String> = (0..8000).map(container).collect();
    let containers = containers.join(", ");
    let pod = format!(r#"{{"apiVersion": "v1", "kind": "Pod", "spec": {{"containers": [{containers}]}}}}"#);
    fs::write(folder.path().join("line.json"), pod).unwrap();
    let output = hallpass().current_dir(folder.path()).args(["check", "line.json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(report.contains("... and 96 more"), "{report}");
    assert!(
        report.contains("7900 more violations of `autogke-disallow-privilege` are not shown"),
        "{report}"
    );
}

#[test]
fn every_fixture_gives_a_report_as_its_schema_says() {
    let fixtures = repository().join("host/tests/cmd");
    for folder in
        fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let mut command = hallpass();
            check(command.args(["check", "-o", "json"]).arg(&file).arg("--allowlists").arg(&file));
        }
    }
}

#[test]
fn a_file_of_fifty_megabytes_is_judged() {
    let folder = TempDir::new().unwrap();
    let filler = format!("  annotations:\n    note: \"{}\"\n", "x".repeat(1000));
    let document = POD.replace("spec:\n", &format!("{filler}spec:\n"));
    let documents = 50_000_000 / document.len();
    let mut text = String::with_capacity(51_000_000);
    for index in 0..documents {
        text.push_str("---\n");
        text.push_str(&document.replace("NAME", &format!("pod-{index}")));
    }
    fs::write(folder.path().join("large.yaml"), text).unwrap();
    let output = hallpass().current_dir(folder.path()).args(["check", "-q", "large.yaml"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), [].as_slice()));
}
