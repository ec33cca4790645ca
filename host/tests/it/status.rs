//! Validates the report of `status -o json` against its schema.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::{hallpass, piped, report_as};

const NOW: &str = "2026-01-02T10:00:00Z";

fn report(output: &Output) -> Value {
    report_as("status", output).1
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
    let output = piped(command.args(["status", "-o", "json", "--now", NOW]), synchronizers);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(report(&output)["synchronizers"][0]["file"], "-");
}
