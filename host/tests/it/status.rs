//! Validates the report of `status -o json` against its schema.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::support::hallpass;

const NOW: &str = "2026-01-02T10:00:00Z";

/// Returns the report of a run, after validating it.
fn report(output: &Output) -> Value {
    assert!(output.stderr.is_empty(), "stderr: {}", String::from_utf8_lossy(&output.stderr));
    let schema = hallpass().args(["schema", "status"]).output().unwrap();
    let schema = serde_json::from_slice(&schema.stdout).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{report:#}");
    report
}

#[test]
fn every_report_is_as_its_schema_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/status.in");
    let allowlists = folder.join("allowlists.yaml");
    let mut causes = BTreeSet::new();
    let mut missing = 0;
    for entry in folder.read_dir().unwrap() {
        let mut command = hallpass();
        command.args(["status", "-o", "json", "--now", NOW]).arg(entry.unwrap().path());
        report(&command.output().unwrap());
        let mut with_fleet = hallpass();
        with_fleet
            .args(command.get_args())
            .args(["--cluster", "prod", "--fleet"])
            .arg(folder.join("fleet.yaml"));
        let against = report(&with_fleet.output().unwrap());
        collect(&against, &mut causes);
        missing += against["missing"].as_array().unwrap().len();
        command.arg("--allowlists").arg(&allowlists).args(["--removed", "acme/agent/agent-v1.0.0.yaml"]);
        let report = report(&command.output().unwrap());
        assert_eq!(report["removed"][0]["gone"], false);
        collect(&report, &mut causes);
    }
    assert_eq!(causes.len(), 11, "{causes:?}");
    assert!(missing > 0);
}

fn collect(report: &Value, causes: &mut BTreeSet<String>) {
    for synchronizer in report["synchronizers"].as_array().unwrap() {
        let findings = synchronizer["findings"].as_array().unwrap();
        assert_eq!(findings.is_empty(), synchronizer["state"] == "ready");
        causes.extend(findings.iter().map(|finding| finding["cause"].as_str().unwrap().to_owned()));
    }
}

#[test]
fn kubectl_may_be_piped_in() {
    let synchronizers = include_bytes!("../cmd/status.in/ready.yaml");
    let mut command = hallpass();
    command.args(["status", "-o", "json", "--now", NOW]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(synchronizers).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(report(&output)["synchronizers"][0]["file"], "-");
}
