//! Public allowlists and workloads, if a folder with them is next to the repository (`../shared/corpus`), with the
//! verdicts that their authors rely on. Without the folder, the tests are skipped, and `cargo xtask test` says so.

use std::path::PathBuf;

use crate::support::{check, column, hallpass, repository};
use serde_json::Value;

const CSI: &str = "workloads/datadog-csi-driver-daemonset.gke-autopilot.yaml";
const AGENT: &str = "workloads/datadog-agent-daemonset.gke-autopilot-default.yaml";
const CSI_LISTS: &str = "allowlists/datadog-csi-driver-allowlists-v1.0.1-v1.1.0.yaml";
const AGENT_LIST: &str = "allowlists/datadog-datadog-daemonset-exemption-v1.0.1.yaml";

fn corpus() -> Option<PathBuf> {
    let folder = repository().join("../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no corpus of public files was found next to the repository");
    None
}

fn judge(workload: &PathBuf, allowlists: &[PathBuf]) -> (i32, Value) {
    let mut command = hallpass();
    command.args(["check", "-o", "json"]).arg(workload);
    for allowlist in allowlists {
        command.arg("--allowlists").arg(allowlist);
    }
    check(&mut command)
}

/// Extracts the allowlist of one version from a file with both.
fn csi_version(corpus: &std::path::Path, version: &str) -> tempfile::NamedTempFile {
    let text = std::fs::read_to_string(corpus.join(CSI_LISTS)).unwrap();
    let document =
        text.split("\n---\n").find(|document| document.contains(&format!("exemption-{version}\n")));
    let file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    std::fs::write(file.path(), document.unwrap()).unwrap();
    file
}

#[test]
fn the_csi_driver_is_exempted_by_the_version_that_its_label_names() {
    let Some(corpus) = corpus() else { return };
    let list = csi_version(&corpus, "v1.1.0");
    let (exit, report) = judge(&corpus.join(CSI), &[list.path().to_path_buf()]);
    assert_eq!(exit, 0);
    let result = &report["results"][0];
    assert_eq!(result["verdict"], "exempted");
    assert_eq!(result["allowlist"], "datadog-datadog-csi-driver-daemonset-exemption-v1.1.0");
    assert_eq!(result["noConnect"], true);
    assert_eq!(result["assumptions"], serde_json::json!([]));
}

#[test]
fn the_csi_driver_is_denied_by_the_version_before_and_three_fields_say_why() {
    let Some(corpus) = corpus() else { return };
    let list = csi_version(&corpus, "v1.0.1");
    let (exit, report) = judge(&corpus.join(CSI), &[list.path().to_path_buf()]);
    assert_eq!(exit, 1);
    let result = &report["results"][0];
    assert_eq!(result["verdict"], "denied");
    let mismatches = result["mismatches"].as_array().unwrap();
    let rules = column(&result["mismatches"], "rule");
    assert_eq!(rules.first().unwrap(), "M2", "the label names a version that is not loaded");
    let mut rest: Vec<_> = mismatches[1..]
        .iter()
        .map(|row| (row["rule"].as_str().unwrap(), row["workload"].as_str().unwrap()))
        .collect();
    rest.sort_unstable();
    let expected = [
        ("M11", "storage-dir at /var/lib/datadog-csi-driver"),
        ("M12", "storage-dir"),
        ("M7", "DD_APM_ENABLED"),
    ];
    assert_eq!(rest, expected);
    assert!(mismatches[1..].iter().all(|row| row["considered"] == false));
}

#[test]
fn the_agent_is_denied_only_by_a_variable_that_its_chart_sets_in_tests() {
    let Some(corpus) = corpus() else { return };
    let (exit, report) = judge(&corpus.join(AGENT), &[corpus.join(AGENT_LIST)]);
    assert_eq!(exit, 1);
    let result = &report["results"][0];
    assert_eq!(result["verdict"], "denied");
    let mismatches = &result["mismatches"];
    let mut pairs: Vec<_> =
        column(mismatches, "rule").into_iter().zip(column(mismatches, "workload")).collect();
    pairs.dedup();
    assert_eq!(pairs, [("M7".to_owned(), "HELM_FORCE_RENDER".to_owned())]);
}

#[test]
fn the_agent_is_exempted_once_that_variable_is_gone() {
    let Some(corpus) = corpus() else { return };
    let text = std::fs::read_to_string(corpus.join(AGENT)).unwrap();
    let without = text.replace("            - name: HELM_FORCE_RENDER\n              value: \"true\"\n", "");
    assert_ne!(without, text);
    let file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    std::fs::write(file.path(), without).unwrap();
    let (exit, report) = judge(&file.path().to_path_buf(), &[corpus.join(AGENT_LIST)]);
    assert_eq!((exit, &report["results"][0]["verdict"]), (0, &Value::from("exempted")));
}

#[test]
fn every_public_allowlist_loads_without_an_error() {
    let Some(corpus) = corpus() else { return };
    let (_, report) = judge(&corpus.join("workloads"), &[corpus.join("allowlists")]);
    assert_eq!(report["errors"], serde_json::json!([]));
    assert_eq!(report["summary"]["workloads"], 2);
}

#[test]
fn every_public_synchronizer_reads_and_is_skipped() {
    let Some(corpus) = corpus() else { return };
    let mut command = hallpass();
    command.args(["check", "-o", "json", "--allow-empty"]).arg(corpus.join("synchronizers"));
    let (_, report) = check(&mut command);
    let unread: Vec<_> = column(&report["errors"], "file")
        .into_iter()
        // Templates of charts are not manifests until they are rendered.
        .filter(|file| !file.contains("template") && !file.contains("hook"))
        .collect();
    assert_eq!(unread, Vec::<String>::new());
}
