//! A report that does not reach stdout does not look like success.

use std::fs::{File, OpenOptions};
use std::process::{Output, Stdio};

use crate::support::{hallpass, repository};

/// Commands that succeed and print something.
const COMMANDS: [&[&str]; 9] = [
    &["check", "examples/agent.yaml", "-a", "examples/allowlists"],
    &["check", "examples/agent.yaml", "-a", "examples/allowlists", "-o", "json"],
    &["diff", "examples/allowlists", "examples/allowlists"],
    &["explain"],
    &["partners"],
    &["schema", "report"],
    &["completions", "bash"],
    &["--help"],
    &["--version"],
];

fn stdout(to: impl Into<Stdio>, arguments: &[&str]) -> Output {
    let mut command = hallpass();
    command.current_dir(repository()).args(arguments).stdout(to).stderr(Stdio::piped());
    command.spawn().unwrap().wait_with_output().unwrap()
}

#[track_caller]
fn assert_lost(output: &Output, arguments: &[&str], message: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{arguments:?}: {stderr}");
    assert!(
        stderr.starts_with(&format!("error: stdout cannot be written: {message}\n")),
        "{arguments:?}: {stderr}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    for arguments in COMMANDS {
        assert_lost(&stdout(full(), arguments), arguments, "no space left on device");
    }
}

#[cfg(target_os = "linux")]
fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

/// A denial is not more important than the report that names it.
#[cfg(target_os = "linux")]
#[test]
fn a_denial_whose_report_is_lost_is_an_error() {
    let arguments = ["check", "examples/agent.yaml"];
    assert_eq!(stdout(Stdio::null(), &arguments).status.code(), Some(1));
    assert_lost(&stdout(full(), &arguments), &arguments, "no space left on device");
}

/// `| head` and `> /dev/null` want no more of the report.
#[test]
fn a_closed_pipe_and_dev_null_are_not_errors() {
    for arguments in COMMANDS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let dev_null = OpenOptions::new().read(true).write(true).open("/dev/null").unwrap();
        for output in [stdout(writer, arguments), stdout(dev_null, arguments)] {
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), stderr.as_ref()), (Some(0), ""), "{arguments:?}");
        }
    }
}
