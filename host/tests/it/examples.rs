//! The verdicts in the README and the demo: `hallpass check examples/... -a examples/allowlists`.

use serde_json::Value;

use crate::support::{column, hallpass, repository};

/// Returns the report and the exit code.
fn check(path: &str) -> (Value, i32) {
    let mut command = hallpass();
    command.current_dir(repository());
    command.args(["check", path, "--allowlists", "examples/allowlists", "-o", "json"]);
    let (exit, report) = crate::support::check(&mut command);
    (report, exit)
}

#[test]
fn every_example_has_the_verdict_that_it_is_there_to_show() {
    for (file, verdict, allowlist, exit) in [
        ("examples/agent.yaml", "exempted", Some("acme-agent-v1.0.0"), 0),
        ("examples/agent-upgraded.yaml", "denied", None, 1),
        ("examples/agent-mirrored.yaml", "exempted", Some("acme-agent-v1.0.0"), 0),
        ("examples/web.yaml", "admitted", None, 0),
    ] {
        let (report, code) = check(file);
        let outcome = &report["results"][0];
        assert_eq!(outcome["verdict"], verdict, "{file}");
        assert_eq!(outcome["allowlist"], allowlist.map_or(Value::Null, Value::from), "{file}");
        assert_eq!(outcome["assumptions"], Value::Array(Vec::new()), "{file} rests on no choice of ours");
        assert_eq!(report["errors"], Value::Array(Vec::new()), "{file}");
        assert_eq!(report["warnings"], Value::Array(Vec::new()), "{file}");
        assert_eq!(code, exit, "{file}");
    }
}

#[test]
fn the_upgrade_is_denied_by_what_it_adds_and_nothing_else() {
    let (report, _) = check("examples/agent-upgraded.yaml");
    let mismatches = report["results"][0]["mismatches"].as_array().unwrap();
    let mut found: Vec<String> = mismatches
        .iter()
        .map(|mismatch| {
            let text = |key: &str| mismatch[key].as_str().unwrap();
            format!("{} {} {}:{}", text("rule"), text("path"), mismatch["line"], mismatch["allowlistLine"])
        })
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "M11 /spec/template/spec/containers/0/volumeMounts/2/name 39:24",
            "M12 /spec/template/spec/volumes/2/name 49:30",
            "M7 /spec/template/spec/containers/0/env/2/name 31:20",
        ]
    );
}

#[test]
fn the_whole_folder_is_judged_in_the_order_of_its_names() {
    let (report, code) = check("examples");
    assert_eq!(
        column(&report["results"], "file"),
        [
            "examples/agent-mirrored.yaml",
            "examples/agent-upgraded.yaml",
            "examples/agent.yaml",
            "examples/web.yaml"
        ]
    );
    assert_eq!(report["summary"]["skipped"], 3, "the allowlist, the fleet and the tests are not workloads");
    assert_eq!(code, 1);
}
