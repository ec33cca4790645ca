//! The GitHub Action without GitHub: its steps with other programs in the place of `hallpass`, `curl` and `gh`.

mod job;
mod sarif;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

use super::{file, write_program};
use crate::support::{document, repository};
use job::{Job, LOGS};

fn stdout(output: &Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn inputs_reach_hallpass_as_arguments_and_never_as_code() {
    let mut job = Job::denying("| table |\n");
    job.inputs = BTreeMap::from([
        ("paths", "deploy/\n  charts/my agent  \n\n--strict\n$(touch hacked)\n*\n"),
        ("allowlists", "allowlists/\n`touch hacked`"),
        ("gke-version", "1.34.1-gke.1000000"),
        ("config", "base/.hallpass.yaml"),
        ("args", "--values=values/my prod.yaml\n  --set\n`touch hacked`\n\n-q\n"),
        ("sarif", "out dir/hallpass.sarif"),
    ]);
    fs::create_dir(job.path("work/out dir")).unwrap();
    let ran = job.run();
    let summary = job.path("temp/hallpass.md").display().to_string();
    let copy = job.path("temp/hallpass.sarif").display().to_string();
    assert_eq!(
        job.calls("hallpass"),
        [[
            "check",
            "--allowlists=allowlists/",
            "--allowlists=`touch hacked`",
            "--gke-version=1.34.1-gke.1000000",
            "--config=base/.hallpass.yaml",
            "--values=values/my prod.yaml",
            "--set",
            "`touch hacked`",
            "-q",
            "-o",
            "sarif=out dir/hallpass.sarif",
            "-o",
            &format!("sarif={copy}"),
            "-o",
            "github",
            "-o",
            &format!("markdown={summary}"),
            "--",
            "deploy/",
            "charts/my agent",
            "--strict",
            "$(touch hacked)",
            "*",
        ]]
    );
    assert!(!job.path("work/hacked").exists());
    assert!(stdout(&ran["Check the workloads"]).contains("::error file=deploy/agent.yaml,line=3::denied\n"));
    assert_eq!(job.read("summary"), "| table |\n");
    assert_eq!(job.read("output"), format!("exit-code=1\nsummary={summary}\nsarif=out dir/hallpass.sarif\n"));
}

#[test]
fn without_inputs_the_configuration_says_what_to_check() {
    let job = Job::denying("");
    job.run();
    let summary = format!("markdown={}", job.path("temp/hallpass.md").display());
    assert_eq!(job.calls("hallpass"), [["check", "-o", "github", "-o", &summary, "--"]]);
}

#[test]
fn an_argument_cannot_turn_the_options_after_it_into_paths() {
    let mut job = Job::denying("");
    job.inputs = BTreeMap::from([("args", "--strict\n--\n")]);
    let ran = job.run();
    assert!(
        stdout(&ran["Check the workloads"])
            .starts_with("::error title=hallpass::the input `args` contains `--`")
    );
    assert_eq!(ran["Report the result"].status.code(), Some(2));
    assert!(job.calls("hallpass").is_empty());
}

#[test]
fn the_job_ends_with_the_exit_code_of_hallpass() {
    for code in [0, 1, 2, 3, 4] {
        let job = Job::without_hallpass();
        job.hallpass(&format!("exit {code}\n"));
        let ran = job.run();
        assert_eq!(ran["Report the result"].status.code(), Some(code));
        assert_eq!(job.read("summary"), "");
    }
}

/// A gate must not pass because nothing ran.
#[test]
fn the_job_fails_if_hallpass_did_not_run() {
    let job = Job::without_hallpass();
    let result = document(file("action.yml").as_bytes())["runs"]["steps"][3].clone();
    assert_eq!(result["name"], "Report the result");
    let ended = job.bash(result["run"].as_str().unwrap(), &[(&"EXIT_CODE".to_owned(), String::new())]);
    assert!(!ended.status.success());
    // Not even a step that could not write its outputs continues.
    job.hallpass("exit 0\n");
    fs::remove_file(job.path("output")).unwrap();
    fs::create_dir(job.path("output")).unwrap();
    let ran = job.run();
    assert!(!ran["Check the workloads"].status.success());
    assert!(!ran.contains_key("Report the result"));
}

#[test]
fn a_report_that_github_rejects_is_replaced_by_a_note() {
    let job = Job::denying(&"x".repeat(1_000_000));
    job.run();
    assert_eq!(job.read("summary"), "The report is too long for this page. See the log of the job.\n");
}

#[test]
fn a_summary_that_was_there_before_is_not_shown() {
    let job = Job::without_hallpass();
    fs::write(job.path("temp/hallpass.md"), "old").unwrap();
    job.hallpass("exit 2\n");
    job.run();
    assert_eq!(job.read("summary"), "");
}

/// A job for a pull request, with `gh` in which a first call prints the comments and others end with a code.
fn commenting(report: &str, comments: &str, code: i32) -> Job {
    let mut job = Job::denying(report);
    job.inputs = BTreeMap::from([("comment", "true")]);
    job.pull_request = "12";
    job.program(
        "gh",
        &format!(
            r#"{LOGS}for argument; do
    case $argument in
        body=@*) cp "${{argument#body=@}}" "$(dirname "$0")/../comment.md" ;;
        --paginate) printf '{comments}' ;;
    esac
done
exit {code}
"#
        ),
    );
    job
}

#[test]
fn the_report_becomes_one_comment() {
    let job = commenting("| table |\n", "", 0);
    let ran = job.run();
    let calls = job.calls("gh");
    let place = "repos/acme/deploy/issues/12/comments";
    assert_eq!(calls[0][..3], ["api", "--paginate", place]);
    assert_eq!(calls[1][..5], ["api", "--silent", "--method", "POST", place]);
    assert_eq!(job.read("comment.md"), format!("{}\n| table |\n", marker(&job)));
    assert_eq!(ran["Report the result"].status.code(), Some(1));

    let job = commenting("| new |\n", "501\\n502\\n", 0);
    job.run();
    let calls = job.calls("gh");
    assert_eq!(
        calls[1][..5],
        ["api", "--silent", "--method", "PATCH", "repos/acme/deploy/issues/comments/501"]
    );
    assert_eq!(job.read("comment.md"), format!("{}\n| new |\n", marker(&job)));
}

/// The first line of the comment.
fn marker(job: &Job) -> String {
    let comment = job.read("comment.md");
    let marker = comment.lines().next().unwrap();
    assert!(marker.starts_with("<!-- hallpass: ") && marker.ends_with(" -->"), "{marker}");
    marker.to_owned()
}

/// A green report must not replace a red one.
#[test]
fn only_a_comment_of_the_same_job_is_replaced() {
    let mut markers = Vec::new();
    for (workflow, id, comment) in [
        ("check.yml", "gate", ""),
        ("other.yml", "gate", ""),
        ("check.yml", "other", ""),
        ("check.yml", "gate", "prod"),
        ("check.yml", "gate", "prod -->"),
        ("check.yml", "gate", "prod\") or true or (\""),
        ("check.yml", "gate", "prod\n"),
        ("check.yml", "gate", "gate"),
        ("check.yml", "gategate", ""),
    ] {
        let mut job = commenting("", "", 0);
        job.name = [workflow, id];
        job.inputs.insert("comment-id", comment);
        job.run();
        let marker = marker(&job);
        let filter = &job.calls("gh")[0][4];
        assert_eq!(
            filter,
            &format!(r#".[] | select(.user.type == "Bot" and (.body | startswith("{marker}"))) | .id"#)
        );
        markers.push(marker);
    }
    let different: BTreeSet<&String> = markers.iter().collect();
    assert_eq!(different.len(), markers.len(), "{markers:#?}");
    for marker in markers {
        let safe = |c: char| c.is_ascii_hexdigit() || c == ' ';
        let text = marker.strip_prefix("<!-- hallpass: ").unwrap().strip_suffix(" -->").unwrap();
        assert!(text.chars().all(safe), "{marker}");
    }
}

#[test]
fn without_a_report_the_comment_says_that_hallpass_did_not_run() {
    let not_checked = commenting("", "501\\n", 0);
    not_checked.hallpass("exit 2\n");
    let mut refused = commenting("", "501\\n", 0);
    refused.inputs.insert("sarif", "../hallpass.sarif");
    let not_installed = commenting("", "501\\n", 0);
    not_installed.program("hallpass", "echo another program\n");
    let broken = commenting("", "501\\n", 0);
    fs::remove_file(broken.path("output")).unwrap();
    fs::create_dir(broken.path("output")).unwrap();
    for job in [not_checked, refused, not_installed, broken] {
        fs::write(job.path("temp/hallpass.md"), "old").unwrap();
        let ran = job.run();
        let comment = job.read("comment.md");
        assert!(comment.contains("\nhallpass did not run, or ended without a report. See"), "{comment}");
        assert!(comment.contains("https://git.example/acme/deploy/actions/runs/7"), "{comment}");
        assert!(job.calls("gh")[1].contains(&"PATCH".to_owned()));
        assert!(ran.values().any(|output| !output.status.success()));
    }
}

#[test]
fn a_comment_that_cannot_be_written_does_not_change_the_result() {
    let job = commenting("| table |\n", "", 1);
    let ran = job.run();
    assert!(stdout(&ran["Comment on the pull request"]).contains("::notice title=hallpass::"));
    assert_eq!(ran["Report the result"].status.code(), Some(1));
}

#[test]
fn a_long_report_is_linked_and_outside_of_pull_requests_nothing_is_written() {
    let job = commenting(&"x".repeat(65_000), "", 0);
    job.run();
    let link = "https://git.example/acme/deploy/actions/runs/7";
    assert!(job.read("comment.md").contains(link), "{}", job.read("comment.md"));

    let mut job = commenting("", "", 0);
    job.pull_request = "";
    let ran = job.run();
    assert!(job.calls("gh").is_empty());
    assert_eq!(
        stdout(&ran["Comment on the pull request"]),
        "no comment: the job does not run for a pull request\n"
    );
}

/// `curl` that copies files of a release, and `gh` that accepts or rejects their attestations.
fn installing(release: &Path, attested: bool) -> Job {
    let job = Job::without_hallpass();
    job.program(
        "curl",
        &format!(
            r#"{LOGS}while [ "$1" != --output ]; do shift; done
cp "{}/${{3##*/}}" "$2"
"#,
            release.display()
        ),
    );
    job.program("gh", &format!("{LOGS}exit {}\n", i32::from(!attested)));
    job
}

/// A release with one archive, in which hallpass prints a version.
fn release(target: &str) -> tempfile::TempDir {
    let release = tempfile::tempdir().unwrap();
    let folder = release.path().join(format!("hallpass-{target}"));
    fs::create_dir(&folder).unwrap();
    write_program(&folder, "hallpass", "echo hallpass 0\n");
    let script = "tar -czf hallpass-$0.tar.gz hallpass-$0 && sha256sum *.tar.gz > SHA256SUMS";
    let made =
        Command::new("bash").args(["-c", script, target]).current_dir(release.path()).status().unwrap();
    assert!(made.success());
    release
}

#[test]
fn the_release_of_the_action_is_installed_after_its_origin_is_verified() {
    for (runner, target) in [
        (["Linux", "X64"], "x86_64-unknown-linux-musl"),
        (["Linux", "ARM64"], "aarch64-unknown-linux-musl"),
        (["macOS", "X64"], "x86_64-apple-darwin"),
        (["macOS", "ARM64"], "aarch64-apple-darwin"),
    ] {
        let release = release(target);
        let mut job = installing(release.path(), true);
        job.runner = runner;
        let ran = job.run();
        let installed = &ran["Install hallpass"];
        assert!(installed.status.success(), "{installed:?}");
        assert!(stdout(installed).ends_with("hallpass 0\n"));
        let folder = job.path(&format!("temp/hallpass/hallpass-{target}"));
        assert_eq!(job.read("github_path"), format!("{}\n", folder.display()));
        let url = format!(
            "https://git.example/acme/hallpass/releases/download/v{}/hallpass-{target}.tar.gz",
            env!("CARGO_PKG_VERSION")
        );
        assert_eq!(job.calls("curl")[0].last(), Some(&url));
        let verified = [
            "attestation",
            "verify",
            &format!("hallpass-{target}.tar.gz"),
            "--repo",
            "acme/hallpass",
            "--signer-workflow",
            "acme/hallpass/.github/workflows/release.yml",
            "--source-ref",
            concat!("refs/tags/v", env!("CARGO_PKG_VERSION")),
            "--deny-self-hosted-runners",
        ];
        assert_eq!(job.calls("gh"), [verified]);
    }
}

#[test]
fn a_file_that_is_not_the_released_one_is_not_run() {
    let target = "x86_64-unknown-linux-musl";
    let unattested = release(target);
    let damaged = release(target);
    fs::write(damaged.path().join(format!("hallpass-{target}.tar.gz")), "other").unwrap();
    let unlisted = release(target);
    fs::write(unlisted.path().join("SHA256SUMS"), "").unwrap();
    for (release, attested) in [(&unattested, false), (&damaged, true), (&unlisted, true)] {
        let job = installing(release.path(), attested);
        let ran = job.run();
        assert!(!ran["Install hallpass"].status.success());
        assert_eq!(ran.len(), 1);
        assert_eq!(job.read("github_path"), "");
        assert!(!job.path(&format!("temp/hallpass/hallpass-{target}")).exists());
    }
}

#[test]
fn a_runner_without_a_release_is_an_error_and_an_installed_hallpass_is_used() {
    let mut job = Job::without_hallpass();
    job.runner = ["Linux", "ARM"];
    let ran = job.run();
    assert_eq!(ran["Install hallpass"].status.code(), Some(3));
    assert!(
        stdout(&ran["Install hallpass"]).starts_with("::error title=hallpass::releases contain no hallpass")
    );

    let mut job = Job::denying("");
    job.runner = ["Linux", "ARM"];
    assert!(stdout(&job.run()["Install hallpass"]).starts_with("using "));
}

/// Such as that of the package `hallpass` on PyPI. It may end with 0, whatever it is asked.
#[test]
fn another_program_of_the_same_name_is_not_used() {
    let job = Job::without_hallpass();
    job.program("hallpass", "echo hallpass 0.6.2\n");
    let ran = job.run();
    assert_eq!(ran["Install hallpass"].status.code(), Some(3));
    assert!(stdout(&ran["Install hallpass"]).contains("is another program"));
    assert_eq!(ran.len(), 1);
}

/// The whole action, with hallpass itself.
#[test]
fn the_action_reports_a_denied_workload() {
    let mut job = with_hallpass();
    job.inputs.insert("sarif", "hallpass.sarif");
    let ran = job.run();
    let printed = stdout(&ran["Check the workloads"]);
    assert!(printed.contains("::error "), "{printed}");
    assert_eq!(ran["Report the result"].status.code(), Some(1));
    assert!(job.read("summary").contains("acme-agent"), "{}", job.read("summary"));
    let sarif: Json = serde_json::from_str(&job.read("work/hallpass.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}

/// A job with hallpass itself, which denies a workload.
fn with_hallpass() -> Job {
    let mut job = Job::without_hallpass();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_hallpass"), job.path("bin/hallpass")).unwrap();
    for name in ["agent-upgraded.yaml", "allowlists/acme-agent-v1.0.0.yaml"] {
        let to = job.path("work").join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(repository().join("examples").join(name), to).unwrap();
    }
    job.inputs = BTreeMap::from([("paths", "agent-upgraded.yaml"), ("allowlists", "allowlists/")]);
    job
}
