//! No output replaces a file that the run reads.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;

use crate::support::hallpass;

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n";
const ALLOWLIST: &str = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: a}\n\
                         exemptions: [autogke-disallow-privilege]\nmatchingCriteria: {containers: [{name: a}]}\n";
const TESTS: &str = "apiVersion: hallpass.dev/v1alpha1
kind: Test
spec:
  allowlists: [../allowlists, missing]
  tests:
  - {name: file, workload: {file: ../deploy/web.yaml}, expect: {verdict: admitted}, profile: ../profile.yaml}
  - {name: chart, workload: {chart: {path: ../chart, values: [../values/a.yaml], matrix: [../values/b.yaml]}},
     expect: {verdict: admitted}, allowlists: [../own.yaml]}
";

fn site() -> TempDir {
    let site = TempDir::new().unwrap();
    for (path, text) in [
        (
            ".hallpass.yaml",
            "apiVersion: hallpass.dev/v1alpha1\nkind: Config\npaths: [listed]\nallowlists: [own.yaml]\n",
        ),
        ("listed/web.yaml", POD),
        ("deploy/web.yaml", POD),
        ("deploy/notes.txt", "not read"),
        ("allowlists/a.yaml", ALLOWLIST),
        ("own.yaml", ALLOWLIST),
        ("profile.yaml", "apiVersion: hallpass.dev/v1alpha1\nkind: ConstraintProfile\n"),
        ("values/a.yaml", "a: b\n"),
        ("values/b.yaml", "a: b\n"),
        ("chart/Chart.yaml", "apiVersion: v2\nname: agent\nversion: 1.0.0\n"),
        ("chart/values.yaml", "a: b\n"),
        ("chart/templates/_helpers.tpl", "\n"),
        ("overlay/kustomization.yaml", "resources: [../base]\nnamePrefix: a-\n"),
        ("overlay/settings.properties", "a=b\n"),
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", POD),
        ("plain/kustomization.yaml", "resources: [web.yaml]\n"),
        ("plain/Kustomization.txt", "not read"),
        ("plain/web.yaml", POD),
        ("tests/a.yaml", TESTS),
        ("broken.yaml", "a: ["),
    ] {
        let file = site.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    symlink("deploy/web.yaml", site.path().join("link.yaml")).unwrap();
    site
}

/// Returns the exit code, stderr, and whether the file is as it was.
fn run(site: &Path, arguments: &str, stdin: Option<&str>, file: &str) -> (i32, String, bool) {
    let before = fs::read(site.join(file)).unwrap();
    let mut command = hallpass();
    if let Some(path) = stdin {
        command.stdin(Stdio::from(fs::File::open(site.join(path)).unwrap()));
    }
    command.env("PATH", site).current_dir(site).args(arguments.split_whitespace());
    let output = command.output().unwrap();
    let is_kept = fs::read(site.join(file)).unwrap() == before;
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap(), is_kept)
}

#[test]
fn an_output_does_not_replace_what_the_run_reads() {
    let site = site();
    for (arguments, files) in [
        ("check --no-config deploy", "deploy/web.yaml link.yaml"),
        ("check --no-config ./deploy/../deploy/web.yaml", "deploy/web.yaml"),
        ("check --no-config plain", "plain/web.yaml plain/kustomization.yaml"),
        ("check --no-config plain/web.yaml", "plain/kustomization.yaml"),
        ("check --no-config --no-render chart", "chart/values.yaml"),
        ("check --no-config deploy -a allowlists", "allowlists/a.yaml"),
        ("check --no-config deploy -a missing -a own.yaml", "own.yaml deploy/web.yaml"),
        ("check --no-config deploy --profile profile.yaml", "profile.yaml"),
        ("check --no-config chart", "chart/Chart.yaml chart/values.yaml chart/templates/_helpers.tpl"),
        (
            "check --no-config chart --values values/a.yaml --matrix values/b.yaml",
            "values/a.yaml values/b.yaml",
        ),
        ("check --no-config overlay", "overlay/kustomization.yaml overlay/settings.properties base/web.yaml"),
        ("check --no-config .", "chart/templates/_helpers.tpl overlay/settings.properties"),
        ("check", ".hallpass.yaml listed/web.yaml own.yaml"),
        ("check deploy", ".hallpass.yaml deploy/web.yaml own.yaml"),
        ("check --config broken.yaml deploy", "broken.yaml deploy/web.yaml"),
        ("test tests", "tests/a.yaml deploy/web.yaml allowlists/a.yaml own.yaml profile.yaml"),
        ("test tests --update", "tests/a.yaml deploy/web.yaml"),
        ("test tests/a.yaml", "tests/a.yaml chart/Chart.yaml chart/values.yaml values/a.yaml values/b.yaml"),
        ("diff allowlists own.yaml", "allowlists/a.yaml own.yaml"),
        ("diff --git HEAD allowlists", "allowlists/a.yaml"),
    ] {
        for file in files.split_whitespace() {
            for option in [format!("json={file}"), format!("sarif=./{file}")] {
                let all = format!("{arguments} -o {option}");
                let (exit, stderr, is_kept) = run(site.path(), &all, None, file);
                assert!(is_kept, "{all}");
                assert!(
                    exit == 2 && stderr.contains("is read, and a report would overwrite it"),
                    "{all}: {stderr}"
                );
            }
        }
    }
}

#[test]
fn a_generated_allowlist_does_not_replace_what_the_run_reads() {
    let site = site();
    for (arguments, file) in [
        ("generate deploy", "deploy/web.yaml"),
        ("generate chart --values values/a.yaml --matrix values/b.yaml", "values/b.yaml"),
        ("generate chart", "chart/values.yaml"),
        ("generate deploy --profile profile.yaml", "profile.yaml"),
    ] {
        let (exit, stderr, is_kept) = run(site.path(), &format!("{arguments} -o {file}"), None, file);
        assert!(is_kept && exit == 2, "{arguments}");
        assert!(stderr.contains("is read, and the allowlist would overwrite it"), "{stderr}");
    }
}

#[test]
fn generate_says_when_it_replaces_other_contents() {
    let site = site();
    fs::write(site.path().join("empty.yaml"), "").unwrap();
    let privileged = POD.replace("image: b", "image: b, securityContext: {privileged: true}");
    fs::write(site.path().join("agent.yaml"), privileged).unwrap();
    let note = "note: the file had other contents, which are replaced\n--> own.yaml\n";
    for (file, said) in [("own.yaml", true), ("own.yaml", false), ("empty.yaml", false)] {
        let (exit, stderr, _) = run(site.path(), &format!("generate agent.yaml -o {file}"), None, file);
        assert_eq!((exit, stderr.starts_with(note), stderr.is_empty()), (0, said, !said), "{file}: {stderr}");
        assert!(!said || stderr.contains("`--from own.yaml` keeps"), "{stderr}");
    }
    // An allowlist that is extended stays.
    fs::write(site.path().join("own.yaml"), ALLOWLIST).unwrap();
    let extend = "generate agent.yaml --from own.yaml -o own.yaml";
    let (exit, stderr, is_kept) = run(site.path(), extend, None, "own.yaml");
    assert_eq!((exit, stderr.as_str(), is_kept), (0, "", false));
}

#[test]
fn an_output_replaces_other_files() {
    let site = site();
    for (arguments, file) in [
        ("check --no-config deploy", "deploy/notes.txt"),
        ("check --no-config deploy", "own.yaml"),
        ("check --no-config plain", "plain/Kustomization.txt"),
        ("check --no-config deploy", ".hallpass.yaml"),
    ] {
        let (exit, stderr, is_kept) = run(site.path(), &format!("{arguments} -o json={file}"), None, file);
        assert!(exit == 0 && stderr.is_empty() && !is_kept, "{arguments} -o json={file}: {stderr}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_does_not_replace_the_file_that_is_redirected_to_stdin() {
    let site = site();
    let file = "deploy/web.yaml";
    for arguments in ["check --no-config", "check --no-config -", "check - -a allowlists"] {
        let (exit, _, is_kept) = run(site.path(), &format!("{arguments} -o json={file}"), Some(file), file);
        assert!(exit == 2 && is_kept, "{arguments}");
    }
}
