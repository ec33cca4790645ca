//! Runs the binary, and validates every report against its schema.

use std::path::PathBuf;
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

pub(crate) fn report_of(output: &Output) -> (i32, Value) {
    assert!(output.stderr.is_empty(), "stderr: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("stdout holds one JSON object");
    let faults: Vec<String> =
        schema().iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "the report is not as its schema says: {faults:#?}\n{report:#}");
    (output.status.code().expect("no signal ended the run"), report)
}

fn schema() -> &'static Validator {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let output = hallpass().args(["schema", "report"]).output().expect("the binary runs");
        let schema = serde_json::from_slice(&output.stdout).expect("the schema is JSON");
        jsonschema::draft202012::new(&schema).expect("the schema is a JSON Schema")
    })
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
