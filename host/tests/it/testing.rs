//! `hallpass test`: its reports, and what they depend on. The messages are in `tests/cmd/test*.trycmd`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{column, hallpass, schema, validated, validator};

/// The folder of the snapshots.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/test.in")
}

fn test(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = hallpass();
    let programs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    let path = std::env::var("PATH").unwrap();
    command.current_dir(folder).env("PATH", format!("{programs}:{path}")).arg("test").args(arguments);
    command
}

/// Returns the exit code and the validated report.
fn report(command: &mut Command) -> (i32, Value) {
    let output = command.arg("-o").arg("json").output().unwrap();
    let registry = jsonschema::Registry::new()
        .add("https://hallpass.dev/schemas/report.schema.json", schema("report"))
        .and_then(|registry| registry.prepare())
        .unwrap();
    let schema = schema("test-report");
    let validator = jsonschema::options().with_registry(&registry).build(&schema).unwrap();
    validated(&output, &validator)
}

#[test]
fn every_report_is_as_its_schema_says() {
    for (path, code) in [("tests", 0), ("failing.yaml", 1), ("errors", 3), ("none", 3)] {
        let (exit, report) = report(&mut test(&folder(), &[path]));
        assert_eq!(exit, code, "{path}");
        let summary = &report["summary"];
        let count =
            |status: &str| column(&report["results"], "status").iter().filter(|is| *is == status).count();
        for (status, field) in
            [("passed", "passed"), ("failed", "failed"), ("updated", "updated"), ("notRun", "notRun")]
        {
            assert_eq!(summary[field], count(status), "{status}");
        }
        assert_eq!(summary["errors"], report["errors"].as_array().unwrap().len());
    }
}

#[test]
fn both_engines_and_any_number_of_threads_give_the_same_report() {
    let output = |arguments: &[&str], threads: &str| {
        let mut command = test(&folder(), &["tests", "failing.yaml", "errors", "-o", "json"]);
        command.args(arguments).env("RAYON_NUM_THREADS", threads).output().unwrap().stdout
    };
    let first = output(&[], "1");
    assert_eq!(String::from_utf8(first.clone()).unwrap().matches("\"variant\": \"").count(), 4 + 4);
    for (engine, threads) in [("wasm", "2"), ("native", "1"), ("native", "7")] {
        assert!(first == output(&["--engine", engine], threads), "{engine} {threads}");
    }
}

#[test]
fn the_schema_accepts_every_test_file_of_the_snapshots_that_is_valid() {
    let validator = validator("test");
    let mut count = 0;
    for file in ["tests/agent.yaml", "tests/chart.yml", "failing.yaml", "one.yaml", "errors/unrunnable.yaml"]
    {
        let bytes = fs::read(folder().join(file)).unwrap();
        let document = hallpass_reader::read(&bytes).next().unwrap().unwrap();
        let json: Value = serde_json::from_slice(&serde_json::to_vec(document.root()).unwrap()).unwrap();
        let faults: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{file}: {faults:#?}");
        count += 1;
    }
    assert_eq!(count, 5);
}

const TEST: &str = "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: NAME\n    workload: {inline: \
                    {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: \
                    a}]}}}\n    expect: {verdict: admitted}\n";

#[test]
fn a_folder_is_searched_in_the_order_of_its_names_and_a_file_is_run_once() {
    let folder = TempDir::new().unwrap();
    for name in ["b/z.yml", "a.yaml", "c/d.json", "b/a.yaml"] {
        let path = folder.path().join("tests").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, TEST.replace("NAME", name)).unwrap();
    }
    fs::write(folder.path().join("tests/b/pod.yaml"), "apiVersion: v1\nkind: Pod\n").unwrap();
    fs::write(folder.path().join("tests/template.yaml"), "name: {{ .Values.name }}\n").unwrap();
    let arguments = ["tests", "./tests", "tests/b/../a.yaml"];
    let (exit, report) = report(&mut test(folder.path(), &arguments));
    assert_eq!(column(&report["results"], "name"), ["a.yaml", "b/a.yaml", "b/z.yml", "c/d.json"]);
    assert_eq!(exit, 0);
}

#[test]
fn a_folder_without_tests_fails_whatever_other_folders_contain() {
    let folder = TempDir::new().unwrap();
    for name in ["tests", "empty"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("tests/a.yaml"), TEST).unwrap();
    let (exit, report) = report(&mut test(folder.path(), &["tests", "empty"]));
    assert_eq!((exit, column(&report["errors"], "file")), (3, vec!["empty".to_owned()]));
    assert_eq!(report["summary"]["passed"], 1);
}

#[test]
fn a_workload_with_errors_never_passes() {
    let folder = TempDir::new().unwrap();
    // The first document is as expected, and the second one cannot be evaluated.
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n";
    for second in ["kind: Pod\n", "a: [\n", "apiVersion: v1\nkind: Pod\nspec: {hostPID: perhaps}\n"] {
        fs::write(folder.path().join("pods.yaml"), format!("{pod}---\n{second}")).unwrap();
        let file = "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: a\n    workload: {file: \
                    pods.yaml, name: a}\n    expect: {verdict: admitted}\n";
        fs::write(folder.path().join("test.yaml"), file).unwrap();
        let (exit, report) = report(&mut test(folder.path(), &["test.yaml"]));
        assert_eq!((exit, column(&report["results"], "status")), (3, vec!["notRun".to_owned()]), "{second}");
    }
}

#[test]
fn what_is_not_named_is_not_compared_and_what_is_named_is_compared_exactly() {
    let pod = |fields: &str| {
        format!(
            "{{inline: {{apiVersion: v1, kind: Pod, metadata: {{name: agent}}, spec: {{{fields}containers: [{{name: agent, image: a}}]}}}}}}"
        )
    };
    let both = "hostPID: true, hostNetwork: true, ";
    let (namespaces, mount) = ("autogke-disallow-hostnamespaces", "hallpass/volume-type");
    for (fields, expect, passes) in [
        ("", "verdict: admitted".to_owned(), true),
        ("", "constraints: []".to_owned(), true),
        ("", format!("constraints: [{namespaces}]"), false),
        (both, "constraints: []".to_owned(), false),
        (both, format!("constraints: [{namespaces}]"), true),
        (both, format!("constraints: [{namespaces}, {mount}]"), false),
        (both, format!("constraints: [{{constraint: {namespaces}, path: /spec/hostPID}}]"), false),
        (
            both,
            format!(
                "constraints: [{{constraint: {namespaces}, path: /spec/hostNetwork}}, {{constraint: {namespaces}, path: /spec/hostPID}}]"
            ),
            true,
        ),
        (both, "verdict: denied, mismatches: [M3]".to_owned(), true),
        (both, "mismatches: [{rule: M3, path: /spec/hostNetwork}]".to_owned(), true),
        (both, "mismatches: [{rule: M3, path: /spec/hostPID}]".to_owned(), false),
        (both, "mismatches: [M3, M7]".to_owned(), false),
        (both, "verdict: denied, mismatches: []".to_owned(), false),
        (both, "verdict: denied, allowlist: agent-v1".to_owned(), true),
        (both, "verdict: denied, allowlist: agent-v2".to_owned(), false),
        (both, "verdict: denied, allowlist: agent-v1, mismatches: [M3]".to_owned(), true),
        ("hostPID: true, ", "verdict: exempted, allowlist: agent-v1".to_owned(), true),
        // An allowlist alone means that it exempts the workload, and mismatches mean that it is denied.
        ("", "allowlist: agent-v1".to_owned(), false),
        (both, "allowlist: agent-v1".to_owned(), false),
        ("hostPID: true, ", "allowlist: agent-v1".to_owned(), true),
        ("hostPID: true, ", "allowlist: agent-v2".to_owned(), false),
        ("", "mismatches: [M3]".to_owned(), false),
        ("hostPID: true, ", "mismatches: [M3]".to_owned(), false),
        (both, "mismatches: [M3]".to_owned(), true),
        ("hostPID: true, ", format!("constraints: [{namespaces}]"), true),
        ("hostPID: true, ", "verdict: denied".to_owned(), false),
    ] {
        let folder = TempDir::new().unwrap();
        let file = format!(
            "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  allowlists:\n  - apiVersion: auto.gke.io/v1\n    kind: \
             WorkloadAllowlist\n    metadata: {{name: agent-v1}}\n    exemptions: [{namespaces}]\n    matchingCriteria: \
             {{hostPID: true, containers: [{{name: agent, image: a}}]}}\n  tests:\n  - name: a\n    workload: {}\n    expect: \
             {{{expect}}}\n",
            pod(fields)
        );
        fs::write(folder.path().join("test.yaml"), file).unwrap();
        let (exit, report) = report(&mut test(folder.path(), &["test.yaml"]));
        assert_eq!(exit, i32::from(!passes), "{fields} {expect}\n{report:#}");
    }
}

#[test]
fn an_expectation_that_contradicts_itself_is_an_error() {
    let folder = TempDir::new().unwrap();
    for expect in [
        "mismatches: []",
        "allowlist: a-v1, mismatches: [M3]",
        "verdict: admitted, mismatches: []",
        "verdict: exempted, allowlist: a-v1, mismatches: [M3]",
    ] {
        let text = TEST.replace("verdict: admitted", expect);
        fs::write(folder.path().join("test.yaml"), &text).unwrap();
        for arguments in [["test.yaml"].as_slice(), &["test.yaml", "--update"]] {
            let (exit, report) = report(&mut test(folder.path(), arguments));
            assert_eq!((exit, report["errors"].as_array().unwrap().len()), (3, 1), "{expect}\n{report:#}");
        }
        assert_eq!(fs::read_to_string(folder.path().join("test.yaml")).unwrap(), text);
    }
}

/// An empty field must not select more, compare less, or fall back to another setting.
#[test]
fn a_field_without_a_value_is_an_error() {
    let folder = TempDir::new().unwrap();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n";
    fs::write(folder.path().join("pod.yaml"), pod).unwrap();
    for (workload, rest) in [
        ("{file: pod.yaml, name: null}", "expect: {verdict: admitted}"),
        ("{file: pod.yaml, kind: }", "expect: {verdict: admitted}"),
        ("{file: pod.yaml, namespace: ~}", "expect: {verdict: admitted}"),
        ("{file: pod.yaml, inline: null}", "expect: {verdict: admitted}"),
        ("{chart: {path: chart, matrix: null}}", "expect: {verdict: admitted}"),
        ("{file: pod.yaml}", "expect: {verdict: admitted, constraints: null}"),
        ("{file: pod.yaml}", "expect: {verdict: null, constraints: []}"),
        ("{file: pod.yaml}", "allowlists: null\n    expect: {verdict: admitted}"),
        ("{file: pod.yaml}", "strict: null\n    expect: {verdict: admitted}"),
        ("{file: pod.yaml}", "expect: {verdict: admitted}\n  gkeVersion: null"),
    ] {
        let text = format!(
            "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: a\n    workload: {workload}\n    {rest}\n"
        );
        fs::write(folder.path().join("test.yaml"), text).unwrap();
        let (exit, report) = report(&mut test(folder.path(), &["test.yaml"]));
        let messages = column(&report["errors"], "message");
        assert!(
            exit == 3 && messages.iter().any(|message| message.ends_with("not null")),
            "{workload} {rest}: {messages:?}"
        );
    }
}

#[test]
fn an_update_keeps_the_mode_and_follows_a_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("test.yaml");
    fs::write(&path, TEST.replace("admitted", "denied")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("test.yaml", folder.path().join("link.yaml")).unwrap();
    let (exit, report) = report(&mut test(folder.path(), &["link.yaml", "--update"]));
    assert_eq!((exit, &report["summary"]["updated"]), (0, &Value::from(1)));
    assert!(folder.path().join("link.yaml").is_symlink());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_to_string(&path).unwrap(), TEST);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn an_update_writes_only_files_with_failed_tests() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("test.yaml");
    fs::write(&path, TEST.replace("admitted", "denied")).unwrap();
    fs::write(folder.path().join("other.yaml"), TEST.replace("NAME", "&a a")).unwrap();
    let (exit, report) = report(&mut test(folder.path(), &["test.yaml", "other.yaml"]));
    assert_eq!((exit, &report["summary"]["failed"]), (1, &Value::from(1)));
    // Nothing but the expectations that are not met is written.
    let before = fs::metadata(folder.path().join("other.yaml")).unwrap().modified().unwrap();
    let (exit, _) = self::report(&mut test(folder.path(), &["test.yaml", "other.yaml", "--update"]));
    assert_eq!(exit, 0);
    assert_eq!(fs::metadata(folder.path().join("other.yaml")).unwrap().modified().unwrap(), before);
}

/// A decision lists at most 100 violations of a constraint, and as many mismatches.
#[test]
fn a_list_that_is_not_complete_never_passes_as_one() {
    let folder = TempDir::new().unwrap();
    let items =
        |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<Vec<_>>().join(", ");
    for (count, passes) in [(99, true), (100, false), (150, false)] {
        let volumes = items(count, &|index| format!("{{name: v{index}, hostPath: {{path: /a}}}}"));
        let mounts = items(count, &|index| format!("{{name: v{index}, mountPath: /m{index}}}"));
        let listed = items(count.min(100), &|index| {
            let path = format!("/spec/containers/0/volumeMounts/{index}");
            format!("{{constraint: autogke-no-write-mode-hostpath, path: {path}}}")
        });
        let file = format!(
            "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: a\n    workload: {{inline: {{apiVersion: \
             v1, kind: Pod, metadata: {{name: a}}, spec: {{volumes: [{volumes}], containers: [{{name: a, image: a, \
             volumeMounts: [{mounts}]}}]}}}}}}\n    expect: {{constraints: [{listed}]}}\n"
        );
        fs::write(folder.path().join("test.yaml"), &file).unwrap();
        let (exit, report) = report(&mut test(folder.path(), &["test.yaml"]));
        assert_eq!(exit, i32::from(!passes), "{count}: {:#}", report["results"][0]["failures"]);
        let (exit, _) = self::report(&mut test(folder.path(), &["test.yaml", "--update"]));
        assert_eq!(exit, if passes { 0 } else { 3 });
        assert_eq!(fs::read_to_string(folder.path().join("test.yaml")).unwrap(), file);
    }
}

#[test]
fn a_missing_helm_is_reported_at_the_test() {
    let (exit, report) = report(test(&folder(), &["tests/chart.yml"]).env("PATH", "/nonexistent"));
    assert_eq!(
        (exit, column(&report["errors"], "message")),
        (3, vec!["`helm` was not found on the PATH".into()])
    );
    let error = &report["errors"][0];
    assert_eq!((&error["file"], &error["line"]), (&"tests/chart.yml".into(), &9.into()));
    assert_eq!(error["help"], "install it: `hallpass test` renders charts with it");
}

#[test]
fn allowlists_that_must_be_built_are_named_as_files() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("lists")).unwrap();
    write("lists/kustomization.yaml", "resources: [a.yaml]\nnamePrefix: a-\n");
    write(
        "test.yaml",
        "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  allowlists: [lists]\n  tests:\n  - name: a\n    \
         workload: {inline: {apiVersion: v1, kind: Pod}}\n    expect: {verdict: admitted}\n",
    );
    let (exit, report) = report(&mut test(folder.path(), &["test.yaml"]));
    let help = "write the output of `kubectl kustomize lists` to a file, and name that file";
    assert_eq!((exit, &report["errors"][0]["help"]), (3, &help.into()), "{report:#}");
}
