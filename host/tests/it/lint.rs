//! `hallpass lint`: its report as JSON, stdin, and `--fix`.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{column, hallpass, piped, report_as};

const TAGGED: &str = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: acme-agent-v1}\n\
                      exemptions: [autogke-disallow-hostnamespaces]\nmatchingCriteria:\n  hostPID: true\n  containers:\n  \
                      - {name: agent, image: 'registry.example/acme/agent:1'} # the first\n";

fn lint(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let mut command = hallpass();
    command.args(["lint", "-o", "json"]).args(arguments).current_dir(folder);
    report_as("lint", &command.output().unwrap())
}

#[test]
fn every_report_is_as_its_schema_says_and_counts_what_it_lists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/lint.in");
    let mut seen = 0;
    for path in ["repository", "bad", "acme-agent-v1.0.0.yaml", "bad/fleets.yaml", "missing.yaml"] {
        let (exit, report) = lint(&folder, &[path]);
        let findings = report["findings"].as_array().unwrap();
        let count = |level: &str| {
            findings.iter().filter(|it| it["level"] == level && it["suppressed"].is_null()).count()
        };
        let summary = &report["summary"];
        for (level, key) in [("error", "errors"), ("warning", "warnings"), ("note", "notes")] {
            assert_eq!(summary[key], count(level), "{path}: {report:#}");
        }
        let expected = match report["errors"].as_array().unwrap().is_empty() {
            false => 3,
            true => i32::from(count("error") + count("warning") > 0),
        };
        assert_eq!(exit, expected, "{path}: {report:#}");
        seen += findings.len();
    }
    assert!(seen > 5);
}

#[test]
fn stdin_is_linted() {
    let output = piped(hallpass().args(["lint", "-", "-o", "json"]), TAGGED.as_bytes());
    let (exit, report) = report_as("lint", &output);
    assert_eq!((exit, column(&report["findings"], "file")), (1, vec!["-".to_owned()]));
    let empty = hallpass().args(["lint", "-", "-o", "json"]).output().unwrap();
    let (exit, report) = report_as("lint", &empty);
    assert_eq!((exit, report["errors"][0]["file"].as_str()), (3, Some("-")));
}

#[test]
fn fixes_keep_every_other_byte() {
    let folder = TempDir::new().unwrap();
    let name = "acme-agent-v1.yaml";
    let file = folder.path().join(name);
    for text in [
        TAGGED.to_owned(),
        format!("\u{feff}{}", TAGGED.replace('\n', "\r\n")),
        format!("# head\n---\n# nothing\n---\n{TAGGED}---\nkind: Pod\napiVersion: v1\n"),
    ] {
        fs::write(&file, &text).unwrap();
        let (exit, report) = lint(folder.path(), &[name, "--fix-all"]);
        let remaining = (&report["findings"], report["summary"]["fixed"].as_u64());
        assert_eq!((exit, remaining), (0, (&Value::Array(Vec::new()), Some(1))), "{report:#}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text.replace("agent:1'", "agent'"));
        let again = fs::read(&file).unwrap();
        let (_, report) = lint(folder.path(), &[name, "--fix-all"]);
        assert_eq!((fs::read(&file).unwrap(), report["summary"]["fixed"].as_u64()), (again, Some(0)));
    }
}

#[test]
fn rules_that_are_off_and_suppressed_findings_are_not_fixed() {
    let folder = TempDir::new().unwrap();
    let suppressed = TAGGED.replace("# the first", "# hallpass: allow image-with-tag: the only one");
    for (text, arguments) in
        [(TAGGED.to_owned(), ["a.yaml", "--allow=image-with-tag"]), (suppressed, ["a.yaml", "-q"])]
    {
        fs::write(folder.path().join("a.yaml"), &text).unwrap();
        let (exit, report) = lint(folder.path(), &[&arguments[..], &["--fix-all"]].concat());
        assert_eq!((exit, &report["summary"]["fixed"]), (0, &Value::from(0)), "{report:#}");
        assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).unwrap(), text);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_stays_and_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::write(locked.join("a.yaml"), TAGGED).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(locked.join("probe"), "").is_ok() {
        println!("skipped: root may write everywhere");
        return;
    }
    let (exit, report) = lint(folder.path(), &["locked", "--fix-all"]);
    assert_eq!((exit, report["findings"].as_array().unwrap().len()), (3, 1), "{report:#}");
    assert_eq!(report["errors"][0]["message"], "cannot be written: permission denied");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(fs::read_to_string(locked.join("a.yaml")).unwrap(), TAGGED);
}

#[test]
fn every_rule_can_be_explained() {
    for rule in hallpass_lint::rules() {
        let output = hallpass().args(["explain", rule.id]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.starts_with(rule.id), "{}: {text}", rule.id);
        let bad = rule.bad();
        let last = bad.lines().last().unwrap_or_default().trim();
        assert!(text.contains(last), "{}: {text}", rule.id);
    }
}
