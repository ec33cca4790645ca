//! Where the config is found, and what it means for the exit code.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{check, column, hallpass, report_of, repository};

const NAME: &str = ".hallpass.yaml";

const PRIVILEGE: &str = "autogke-disallow-privilege";
const NAMESPACES: &str = "autogke-disallow-hostnamespaces";

fn config(fields: &str) -> String {
    format!("apiVersion: hallpass.dev/v1alpha1\nkind: Config\n{fields}")
}

fn exception(workload: &str, constraint: &str) -> String {
    format!("exceptions:\n- {{workload: {workload}, constraints: [{constraint}], reason: known}}\n")
}

fn pod(name: &str, privileged: bool, host_pid: bool) -> Value {
    let security = json!({"privileged": privileged});
    let container = json!({"name": "c", "image": "example.com/c:1", "securityContext": security});
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name},
        "spec": {"hostPID": host_pid, "containers": [container]}})
}

/// A folder with one privileged Pod in `deploy/`.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("deploy")).unwrap();
    write(&folder, "deploy/pod.yaml", &pod("agent", true, false).to_string());
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).unwrap();
}

fn judge(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    check(hallpass().current_dir(folder).args(["check", "-o", "json"]).args(arguments))
}

#[test]
fn the_config_of_the_working_directory_is_used_and_named() {
    let folder = folder();
    let (exit, report) = judge(folder.path(), &["deploy"]);
    assert_eq!((exit, report.get("config")), (1, None));
    write(&folder, NAME, &config(&exception("{name: agent}", PRIVILEGE)));
    let (exit, report) = judge(folder.path(), &["deploy"]);
    assert_eq!((exit, &report["config"]), (0, &json!(NAME)));
    assert_eq!(report["results"][0]["violations"][0]["exception"], json!({"reason": "known", "line": 4}));
    let (exit, report) = judge(folder.path(), &["deploy", "--no-config"]);
    assert_eq!((exit, report.get("config")), (1, None));
}

#[test]
fn a_config_with_another_name_is_ignored_with_a_warning() {
    for (name, with_config, help) in [
        (".hallpass.yml", false, "rename it to `.hallpass.yaml`"),
        (".hallpass.json", false, "rename it to `.hallpass.yaml`"),
        (".hallpass.yml", true, "move its fields to `.hallpass.yaml`"),
    ] {
        let folder = folder();
        write(&folder, name, &config(&exception("{name: agent}", PRIVILEGE)));
        if with_config {
            write(&folder, NAME, &config("gkeVersion: '1.34'\n"));
        }
        let (exit, report) = judge(folder.path(), &["deploy"]);
        assert_eq!((exit, column(&report["warnings"], "file")), (1, vec![name.to_owned()]));
        assert_eq!(report["warnings"][0]["message"], "ignored: a config is named `.hallpass.yaml`");
        assert_eq!(report["warnings"][0]["help"], help);
        for arguments in [["deploy", "--no-config"], ["deploy", &format!("--config={name}")]] {
            let (_, report) = judge(folder.path(), &arguments);
            assert_eq!(report["warnings"], json!([]), "{arguments:?}");
        }
    }
}

#[test]
fn an_empty_stdin_without_paths_is_nothing_to_check() {
    let folder = folder();
    let run = |arguments: &[&str], text: &str| {
        write(&folder, "stdin", text);
        let stdin = fs::File::open(folder.path().join("stdin")).unwrap();
        let mut command = hallpass();
        command.current_dir(folder.path()).args(["check", "-o", "json"]).args(arguments);
        let (exit, report) = report_of(&command.stdin(stdin).output().unwrap());
        assert_eq!(exit, 3);
        let texts = |list: &str, field: &str| column(&report[list], field);
        (
            texts("errors", "message").concat(),
            texts("errors", "help").concat(),
            texts("warnings", "message").len(),
        )
    };
    let nothing = |config: &str| {
        let help = format!("pass files or folders, or list `paths` in `{config}`");
        ("nothing to check: stdin is empty".to_owned(), help, 0)
    };
    for text in ["", "---\n", "# nothing\n"] {
        assert_eq!(run(&[], text), nothing(".hallpass.yaml"), "{text}");
    }
    write(&folder, "ci.yaml", &config(""));
    assert_eq!(run(&["--config", "ci.yaml"], ""), nothing("ci.yaml"));
    // The user names stdin.
    assert_eq!(run(&["-"], "").0, "no workload was found");
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n";
    assert_eq!(run(&[], service).0, "no workload was found: the kind of the only object contains no Pods");
}

#[test]
fn a_checked_folder_brings_no_config() {
    let folder = folder();
    write(&folder, "deploy/.hallpass.yaml", &config(&exception("{name: agent}", PRIVILEGE)));
    let (exit, report) = judge(folder.path(), &["deploy"]);
    assert_eq!((exit, report.get("config")), (1, None));
    assert_eq!(report["summary"]["skipped"], 1, "it is an object of another kind");
    // Nor does the folder of another config, nor a parent folder.
    write(&folder, "deploy/other.yaml", &config(""));
    assert_eq!(judge(folder.path(), &["deploy", "--config", "deploy/other.yaml"]).0, 1);
    let (exit, report) = judge(&folder.path().join("deploy"), &["pod.yaml"]);
    assert_eq!((exit, &report["config"]), (0, &json!(NAME)));
}

#[test]
fn a_repository_with_a_config_can_be_checked_whole() {
    let folder = folder();
    write(&folder, NAME, &config("gkeVersion: '1.34'\n"));
    let (exit, report) = judge(folder.path(), &["."]);
    let problems = ["errors", "warnings", "notes"].map(|list| report[list].as_array().unwrap().len());
    assert_eq!((exit, problems), (1, [0, 0, 0]), "{report:#}");
}

#[test]
fn the_paths_of_the_config_are_read_from_the_working_directory_even_with_a_pipe() {
    let folder = folder();
    fs::create_dir(folder.path().join("configs")).unwrap();
    write(&folder, "configs/ci.yaml", &config("paths: [deploy]\n"));
    let mut command = hallpass();
    command.current_dir(folder.path()).args(["check", "-o", "json", "--config", "configs/ci.yaml"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A shell that reads its script from the pipe never closes it.
    let pipe = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    drop(pipe);
    let (exit, report) = report_of(&output);
    assert_eq!((exit, column(&report["results"], "file")), (1, vec!["deploy/pod.yaml".to_owned()]));
    // A dash on the command line replaces them.
    let (exit, report) = judge(folder.path(), &["--config", "configs/ci.yaml", "-"]);
    assert_eq!((exit, report["summary"]["workloads"].as_u64()), (3, Some(0)));
}

/// A pull request next to its base branch, whose config names allowlists and a profile: an allowlist that exempts the
/// workload, and a profile without constraints.
fn pull_request() -> TempDir {
    let folder = folder();
    let list = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: own}\n\
                exemptions: [autogke-disallow-privilege]\n\
                matchingCriteria: {containers: [{name: c, image: example.com/c, securityContext: {privileged: true}}]}\n";
    let profile = "apiVersion: hallpass.dev/v1alpha1\nkind: ConstraintProfile\nmetadata: {name: own}\nconstraints: {}\n";
    fs::create_dir_all(folder.path().join("base/allowlists")).unwrap();
    fs::create_dir(folder.path().join("allowlists")).unwrap();
    write(&folder, "allowlists/own.yaml", list);
    write(&folder, "profile.yaml", profile);
    write(
        &folder,
        "base/allowlists/other.yaml",
        &list.replace("own", "other").replace("example.com/c", "other"),
    );
    write(&folder, "base/profile.yaml", &profile.replace("{}", &format!("{{{PRIVILEGE}: {{}}}}")));
    folder
}

#[test]
fn a_pull_request_cannot_change_what_the_config_of_its_base_branch_names() {
    for setting in ["allowlists: [allowlists]", "profile: profile.yaml"] {
        let folder = pull_request();
        let text = config(&format!("paths: [deploy]\n{setting}\n"));
        for name in [NAME, "base/.hallpass.yaml"] {
            write(&folder, name, &text);
        }
        assert_eq!(judge(folder.path(), &[]).0, 0, "those of the pull request admit its workload: {setting}");
        let (exit, report) = judge(folder.path(), &["--config", "base/.hallpass.yaml"]);
        assert_eq!((exit, column(&report["results"], "file")), (1, vec!["deploy/pod.yaml".to_owned()]));
        // Nor are those of the pull request used if the base branch has none.
        fs::remove_dir_all(folder.path().join("base")).unwrap();
        fs::create_dir(folder.path().join("base")).unwrap();
        write(&folder, "base/.hallpass.yaml", &text);
        let (exit, report) = judge(folder.path(), &["--config", "base/.hallpass.yaml"]);
        assert_eq!((exit, report["results"].as_array().unwrap().len()), (3, 0), "{report:#}");
    }
}

#[test]
fn each_setting_of_the_command_line_replaces_that_of_the_config() {
    let folder = folder();
    let list = |name: &str, version: &str| {
        format!(
            "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {{name: {name}}}\n{version}exemptions: \
             [{PRIVILEGE}]\nmatchingCriteria: {{containers: [{{name: c, image: example.com/c, securityContext: \
             {{privileged: true}}}}]}}\n"
        )
    };
    write(&folder, "first.yaml", &list("first", "minGKEVersion: 1.33.0-gke.1\n"));
    write(&folder, "second.yaml", &list("second", ""));
    let settings =
        "paths: [deploy]\nallowlists: [first.yaml]\ngkeVersion: 1.34.0-gke.1\nprofile: kubernetes\n";
    write(&folder, NAME, &config(settings));
    let allowlist = |arguments: &[&str]| judge(folder.path(), arguments).1["results"][0]["allowlist"].clone();
    assert_eq!(allowlist(&[]), "first");
    assert_eq!(allowlist(&["--allowlists", "second.yaml"]), "second");
    assert_eq!(allowlist(&["--gke-version", "1.32.0-gke.1"]), Value::Null);
    let not_evaluated = |arguments: &[&str]| {
        judge(folder.path(), arguments).1["summary"]["notEvaluated"].as_array().unwrap().len()
    };
    assert_eq!(not_evaluated(&[]), 0);
    assert!(not_evaluated(&["--profile", "autopilot"]) > 0);
}

#[test]
fn a_link_is_followed_inside_the_working_directory_only() {
    let outside = TempDir::new().unwrap();
    write(&outside, "secret.yaml", "secret: [hidden]\n");
    let folder = folder();
    write(&folder, "config.yaml", &config(&exception("{name: agent}", PRIVILEGE)));
    symlink("config.yaml", folder.path().join(NAME)).unwrap();
    assert_eq!(judge(folder.path(), &["deploy"]).0, 0);
    fs::remove_file(folder.path().join(NAME)).unwrap();
    symlink(outside.path().join("secret.yaml"), folder.path().join(NAME)).unwrap();
    let (exit, report) = judge(folder.path(), &["deploy"]);
    let message = "a link that leads out of the working directory, which is not followed";
    assert_eq!((exit, column(&report["errors"], "message")), (3, vec![message.to_owned()]));
    assert!(!report.to_string().contains("hidden"));
    assert_eq!(judge(folder.path(), &["deploy", "--no-config"]).0, 1);
}

/// A pull request can add a config, and errors show the lines of the files that it names.
#[test]
fn a_config_that_is_found_names_nothing_outside_of_its_folder() {
    let outside = TempDir::new().unwrap();
    write(&outside, "secret", "password: hunter2: [oops");
    let secret = outside.path().join("secret");
    let folder = folder();
    symlink(&secret, folder.path().join("deploy.yaml")).unwrap();
    let secret = secret.display();
    for (fields, named) in [
        (format!("paths: [{secret}]\n"), secret.to_string()),
        ("paths: [deploy.yaml]\n".to_owned(), "deploy.yaml".to_owned()),
        (format!("paths: [deploy]\nallowlists: [{secret}]\n"), secret.to_string()),
        (format!("paths: [deploy]\nprofile: {secret}\n"), secret.to_string()),
        ("paths: [..]\n".to_owned(), "..".to_owned()),
    ] {
        write(&folder, NAME, &config(&fields));
        let output = hallpass().current_dir(folder.path()).arg("check").output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(3), "{text}");
        assert!(text.contains(&format!("`{named}` is not below the working directory")), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    write(&folder, NAME, &config(&format!("paths: [{secret}]\n")));
    let (exit, report) = judge(folder.path(), &["--config", NAME]);
    assert_eq!((exit, report["errors"].as_array().unwrap().len()), (3, 1), "{report:#}");
}

#[test]
fn a_config_that_cannot_be_used_is_an_error() {
    let folder = folder();
    let path = folder.path().join(NAME);
    let message = || {
        let (exit, report) = judge(folder.path(), &["deploy"]);
        assert_eq!((exit, report["results"].as_array().unwrap().len()), (3, 0));
        assert_eq!(column(&report["errors"], "file"), [NAME]);
        column(&report["errors"], "message").remove(0)
    };
    fs::create_dir(&path).unwrap();
    assert_eq!(message(), "is not a regular file");
    fs::remove_dir(&path).unwrap();
    symlink("gone", &path).unwrap();
    assert_eq!(message(), "a broken link");
    fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert_eq!(message(), "is not a regular file");
    fs::remove_file(&path).unwrap();
    write(&folder, NAME, "");
    assert_eq!(message(), "the file is empty");
}

#[test]
fn a_pipe_can_be_the_named_config() {
    let folder = folder();
    let text = config(&exception("{name: agent}", PRIVILEGE));
    write(&folder, "text", &text);
    let command = "cat text | \"$HALLPASS\" check -o json deploy --config /dev/stdin";
    let mut shell = std::process::Command::new("sh");
    shell.current_dir(folder.path()).env("HALLPASS", env!("CARGO_BIN_EXE_hallpass")).args(["-c", command]);
    let (exit, report) = report_of(&shell.output().unwrap());
    assert_eq!((exit, &report["config"]), (0, &json!("/dev/stdin")));
}

#[test]
fn every_format_gives_the_reason_of_a_known_denial() {
    let folder = folder();
    write(&folder, NAME, &config(&exception("{name: agent}", PRIVILEGE).replace("known", "the reason")));
    for format in ["pretty", "json", "sarif", "junit", "github", "gitlab", "markdown"] {
        let mut command = hallpass();
        let output =
            command.current_dir(folder.path()).args(["check", "deploy", "-o", format]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert!(printed.contains("the reason"), "{printed}");
        let levels = ["\"level\": \"error\"", "<failure", "::error", "\"critical\"", "**error**"];
        assert!(!levels.iter().any(|level| printed.contains(level)), "{printed}");
        if format == "sarif" {
            let log: Value = serde_json::from_str(&printed).unwrap();
            let expected = json!([{"kind": "external", "status": "accepted", "justification": "the reason"}]);
            assert_eq!(log["runs"][0]["results"][0]["suppressions"], expected);
        }
    }
}

#[test]
fn no_report_overwrites_the_config_or_what_it_names() {
    let folder = folder();
    let text = config("paths: [deploy/pod.yaml]\nallowlists: [list.yaml]\n");
    fs::create_dir(folder.path().join("base")).unwrap();
    write(&folder, "base/list.yaml", "kind: List\n");
    for (name, output) in [
        (NAME, NAME),
        (NAME, "deploy/pod.yaml"),
        ("other.yaml", "./other.yaml"),
        ("base/config.yaml", "base/list.yaml"),
    ] {
        write(&folder, name, &text);
        let before = fs::read(folder.path().join(output)).unwrap();
        let mut command = hallpass();
        command.current_dir(folder.path()).args(["check", "--config", name, "-o", &format!("json={output}")]);
        let printed = command.output().unwrap();
        let message = String::from_utf8(printed.stderr).unwrap();
        assert_eq!(printed.status.code(), Some(2), "{output}: {message}");
        assert!(message.contains("is read, and a report would overwrite it"), "{message}");
        assert_eq!(fs::read(folder.path().join(output)).unwrap(), before);
    }
}

#[test]
fn the_kinds_of_the_schema_are_those_that_are_evaluated() {
    let schema: Value = serde_json::from_str(hallpass_schemas::CONFIG).unwrap();
    let known = hallpass_policy::WorkloadKind::ALL.map(|kind| json!(kind.name()));
    assert_eq!(schema["$defs"]["workload"]["properties"]["kind"]["enum"], json!(known));
}

#[test]
fn nothing_that_a_config_contains_reaches_a_terminal_raw() {
    let folder = folder();
    let text = exception("{name: agent}", PRIVILEGE).replace("known", "\"a\\e[31m\\u202eb\\nc\"");
    write(&folder, NAME, &config(&text));
    for format in ["pretty", "json"] {
        let mut command = hallpass();
        let output =
            command.current_dir(folder.path()).args(["check", "deploy", "-o", format]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(!printed.contains(['\u{1b}', '\u{202e}']), "{printed:?}");
    }
}

#[test]
fn the_configs_in_the_documentation_are_valid() {
    for page in ["README.md", "docs/exceptions.md"] {
        let text = fs::read_to_string(repository().join(page)).unwrap();
        is_valid(&text);
    }
}

fn is_valid(page: &str) {
    let mut blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let example = blocks.find(|block| block.contains("kind: Config\n")).unwrap();
    let folder = folder();
    fs::create_dir(folder.path().join("allowlists")).unwrap();
    let list = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: a}\nexemptions: []\n\
                matchingCriteria: {}\n";
    write(&folder, "allowlists/a.yaml", list);
    write(&folder, NAME, example);
    let (exit, report) = judge(folder.path(), &[]);
    assert_eq!((exit, &report["config"], &report["errors"]), (1, &json!(NAME), &json!([])));
}

const NAMES: [&str; 3] = ["one", "two", "three"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// 0 only if every violation of every denial is covered, 3 with any error.
    #[test]
    fn the_exit_code_is_that_of_what_is_not_covered(
        pods in prop::collection::vec((select(&NAMES[..]), any::<bool>(), any::<bool>()), 1..4),
        exceptions in prop::collection::btree_map(
            select(&NAMES[..]),
            subsequence(vec![PRIVILEGE, NAMESPACES], 1..=2),
            0..3,
        ),
        broken: bool,
    ) {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("deploy")).unwrap();
        for (index, (name, privileged, host_pid)) in pods.iter().enumerate() {
            write(&folder, &format!("deploy/{index}.json"), &pod(name, *privileged, *host_pid).to_string());
        }
        if broken {
            write(&folder, "deploy/z.yaml", "kind: [\n");
        }
        let written: Vec<Value> = exceptions
            .iter()
            .map(|(name, ids)| json!({"workload": {"name": name}, "constraints": ids, "reason": "known"}))
            .collect();
        write(&folder, NAME, &config(&format!("paths: [deploy]\nexceptions: {}\n", json!(written))));
        let covers = |name: &str, id: &str| exceptions.get(name).is_some_and(|ids| ids.contains(&id));
        let uncovered = pods.iter().any(|(name, privileged, host_pid)| {
            *privileged && !covers(name, PRIVILEGE) || *host_pid && !covers(name, NAMESPACES)
        });
        let (exit, report) = judge(folder.path(), &["--engine", "native"]);
        prop_assert_eq!(exit, if broken { 3 } else { i32::from(uncovered) }, "{:#}", report);
        let denied = pods.iter().filter(|(_, privileged, host_pid)| *privileged || *host_pid).count();
        prop_assert_eq!(report["summary"]["denied"].as_u64(), Some(denied as u64));
    }
}
