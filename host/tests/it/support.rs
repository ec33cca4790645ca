//! Runs the binary, and validates every report against its schema.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The binary, without a terminal.
pub(crate) fn hallpass() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
    command.stdin(Stdio::null()).env_remove("COLUMNS");
    command
}

/// Runs `check -o json`, and returns its exit code and its validated report.
pub(crate) fn check(command: &mut Command) -> (i32, Value) {
    let output = command.output().expect("the binary runs");
    report_of(&output)
}

/// Returns the exit code of a run, and its report, which must be as the schema of `check` says.
pub(crate) fn report_of(output: &Output) -> (i32, Value) {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    validated(output, SCHEMA.get_or_init(|| validator("report")))
}

/// Returns the same for another command, with the name of its schema.
pub(crate) fn report_as(schema: &str, output: &Output) -> (i32, Value) {
    validated(output, &validator(schema))
}

pub(crate) fn validated(output: &Output, schema: &Validator) -> (i32, Value) {
    assert!(output.stderr.is_empty(), "stderr: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("stdout holds one JSON object");
    let faults: Vec<String> =
        schema.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "the report is not as its schema says: {faults:#?}\n{report:#}");
    (output.status.code().expect("no signal ended the run"), report)
}

/// Returns a schema, as the binary prints it.
pub(crate) fn schema(name: &str) -> Value {
    let output = hallpass().args(["schema", name]).output().expect("the binary runs");
    serde_json::from_slice(&output.stdout).expect("the schema is JSON")
}

pub(crate) fn validator(name: &str) -> Validator {
    jsonschema::draft202012::new(&schema(name)).expect("the schema is a JSON Schema")
}

/// Runs a command with bytes on its stdin.
pub(crate) fn piped(command: &mut Command, bytes: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

/// Copies a folder with files and folders.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns the strings at `key` of each entry of a list in the report.
pub(crate) fn column(list: &Value, key: &str) -> Vec<String> {
    let entries = list.as_array().expect("a list");
    entries.iter().map(|entry| entry[key].as_str().expect("a string").to_owned()).collect()
}

/// Reads the only document of a YAML text.
pub(crate) fn document(text: &[u8]) -> Value {
    let mut documents = hallpass_reader::read(text);
    let document = serde_json::to_value(documents.next().unwrap().unwrap().root()).unwrap();
    assert!(documents.next().is_none());
    document
}
