//! Charts and kustomizations that the command names. Scripts take the place of Helm, kustomize and kubectl.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{check, column, hallpass, report_of, repository};

const CHART: &str = "apiVersion: v2\nname: agent\nversion: 1.0.0\n";
const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec: {containers: [{name: a, image: b}]}\n";
const PREFIXED: &str = "resources: [../base]\nnamePrefix: a-\n";

/// What Helm prints for the chart, as a shell command.
const PRINT: &str = "cat <<'END'
---
# Source: agent/templates/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec: {containers: [{name: a, image: b}]}
END";

/// A repository with a chart and a kustomization, and programs.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        let site = Site(TempDir::new().unwrap());
        fs::create_dir(site.path(".git")).unwrap();
        fs::create_dir(site.path("bin")).unwrap();
        site.write("charts/agent/Chart.yaml", CHART);
        site.write("charts/agent/templates/pod.yaml", "{{ .Values.pod }}\n");
        site.write("base/kustomization.yaml", "resources: [base.yaml]\n");
        site.write("base/base.yaml", &POD.replace("NAME", "base"));
        site.write("overlay/kustomization.yaml", PREFIXED);
        for values in ["one", "two", "three"] {
            site.write(&format!("values/{values}.yaml"), "a: b\n");
        }
        site
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Adds a program that writes its arguments and its environment to files, and then runs a script.
    fn program(&self, name: &str, script: &str) {
        let log = self.path(name);
        let log = log.display();
        let record = format!("printf '%s\\n' \"$@\" END >>'{log}.arguments'\nenv >'{log}.env'");
        self.write(&format!("bin/{name}.script"), &format!("PATH=/usr/bin:/bin\n{record}\n{script}\n"));
        let program = self.path("bin").join(name);
        if !program.exists() {
            symlink(repository().join("host/tests/programs/scripted"), program).unwrap();
        }
    }

    /// The arguments of each call.
    fn calls(&self, program: &str) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.path(&format!("{program}.arguments"))).unwrap_or_default();
        let calls = text.split("END\n").filter(|call| !call.is_empty());
        calls.map(|call| call.lines().map(str::to_owned).collect()).collect()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = hallpass();
        command.env("PATH", self.path("bin")).current_dir(self.0.path());
        command.args(["check", "-o", "json", "--engine", "native"]).args(arguments);
        command
    }

    fn check(&self, arguments: &[&str]) -> (i32, Value) {
        check(&mut self.command(arguments))
    }

    /// Checks something that is an error, and returns its only message.
    fn error(&self, arguments: &[&str]) -> String {
        let (exit, report) = self.check(arguments);
        assert_eq!(exit, 3, "{arguments:?}: {report:#}");
        let mut messages = column(&report["errors"], "message");
        assert_eq!(messages.len(), 1, "{arguments:?}: {messages:?}");
        messages.remove(0)
    }
}

fn names(report: &Value) -> Vec<String> {
    column(&report["results"], "name")
}

#[test]
fn helm_gets_the_values_in_order_and_nothing_else() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.write("values/odd, \"quoted\".yaml", "a: b\n");
    let (exit, report) = site.check(&[
        "charts/agent",
        "--set",
        "a=b,c=d",
        "--values",
        "values/one.yaml",
        "--values",
        "values/odd, \"quoted\".yaml",
        "--set=--post-renderer=x",
        "--gke-version",
        "1.33.2-gke.1000000",
        "--matrix",
        "values/two.yaml",
    ]);
    assert_eq!(exit, 0, "{report:#}");
    let real = site.0.path().canonicalize().unwrap();
    let real = real.display();
    let expected = [
        "template".to_owned(),
        "--include-crds".to_owned(),
        format!("--values=\"{real}/values/one.yaml\""),
        format!("--values=\"{real}/values/odd, \"\"quoted\"\".yaml\""),
        format!("--values=\"{real}/values/two.yaml\""),
        "--set=a=b,c=d".to_owned(),
        "--set=--post-renderer=x".to_owned(),
        "--kube-version=1.33.2-gke.1000000".to_owned(),
        "--api-versions=auto.gke.io/v1".to_owned(),
        "--api-versions=auto.gke.io/v1/AllowlistSynchronizer".to_owned(),
        "--api-versions=auto.gke.io/v1/WorkloadAllowlist".to_owned(),
        "--".to_owned(),
        "agent".to_owned(),
        "./charts/agent".to_owned(),
    ];
    assert_eq!(site.calls("helm"), [expected]);
}

#[test]
fn other_clusters_have_no_api_for_allowlists() {
    let site = Site::new();
    site.program("helm", PRINT);
    assert_eq!(site.check(&["charts/agent", "--profile", "kubernetes"]).0, 0);
    assert_eq!(site.calls("helm"), [["template", "--include-crds", "--", "agent", "./charts/agent"]]);
}

#[test]
fn a_name_that_no_release_can_have_is_replaced() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.write("charts/agent/Chart.yaml", "apiVersion: v2\nname: --kubeconfig\nversion: 1.0.0\n");
    let (exit, report) = site.check(&["charts/agent", "--profile", "kubernetes"]);
    assert_eq!(exit, 0, "{report:#}");
    assert_eq!(site.calls("helm"), [["template", "--include-crds", "--", "release-name", "./charts/agent"]]);
    assert_eq!(column(&report["results"], "template"), ["agent/templates/pod.yaml"]);
}

#[test]
fn programs_see_no_settings_of_the_user_and_no_network() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.program("kustomize", &PRINT.replace("# Source", "# No source"));
    let mut command = site.command(&["charts/agent", "overlay"]);
    for (name, value) in [
        ("HELM_NAMESPACE", "prod"),
        ("HELM_PLUGINS", "/plugins"),
        ("HELM_ODD", "x"),
        ("KUBECONFIG", "/kubeconfig"),
        ("NO_PROXY", "*"),
        ("no_proxy", "*"),
        ("HTTPS_PROXY", "http://proxy.example.com"),
        ("GIT_ALLOW_PROTOCOL", "https"),
        ("KEPT", "x"),
    ] {
        command.env(name, value);
    }
    let (exit, report) = check(&mut command);
    assert_eq!(exit, 0, "{report:#}");
    for program in ["helm", "kustomize"] {
        let text = fs::read_to_string(site.path(&format!("{program}.env"))).unwrap();
        let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        for name in ["HELM_NAMESPACE", "HELM_ODD", "NO_PROXY", "no_proxy"] {
            assert_eq!(value(name), None, "{program} sees {name}");
        }
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
            assert_eq!(value(name), Some("http://127.0.0.1:1"), "{program}");
        }
        assert_eq!(value("GIT_ALLOW_PROTOCOL"), Some("none"));
        assert_eq!(value("KUBERC"), Some("off"));
        assert_eq!(value("KEPT"), Some("x"));
        let private = value("HELM_PLUGINS").unwrap();
        assert_ne!(private, "/plugins");
        assert_eq!(value("KUBECONFIG"), Some(&*format!("{private}/kubeconfig")));
        assert!(!Path::new(private).exists(), "{private} is left");
    }
}

#[test]
fn a_missing_program_is_an_error() {
    let site = Site::new();
    let message = site.error(&["charts/agent"]);
    assert_eq!(message, "`helm` was not found on the PATH");
    let mut generate = hallpass();
    generate.env("PATH", site.path("bin")).current_dir(site.0.path()).args(["generate", "charts/agent"]);
    let printed = String::from_utf8(generate.output().unwrap().stderr).unwrap();
    assert!(printed.contains("hallpass generate -`") && !printed.contains("no-render"), "{printed}");
    let mut diff = hallpass();
    diff.env("PATH", site.path("bin")).current_dir(site.0.path());
    diff.args(["diff", "--workloads", "base", "charts/agent", "--allowlists", "base"]);
    let printed = String::from_utf8(diff.output().unwrap().stdout).unwrap();
    assert!(printed.contains("write the output of `helm template"), "{printed}");
    let message = site.error(&["overlay"]);
    assert_eq!(message, "neither `kustomize` nor `kubectl` was found on the PATH");
    // The rest is still checked.
    let (exit, report) = site.check(&["charts/agent", "base"]);
    assert_eq!((exit, names(&report)), (3, vec!["base".to_owned()]));
    // A file that is not executable.
    fs::write(site.path("bin/helm"), "").unwrap();
    assert_eq!(site.error(&["charts/agent"]), "`helm` cannot be started: permission denied");
}

#[test]
fn kubectl_builds_where_kustomize_is_missing() {
    let site = Site::new();
    site.program("kubectl", PRINT);
    assert_eq!(site.check(&["overlay/"]).0, 0);
    assert_eq!(site.calls("kubectl"), [["kustomize", "--", "./overlay/"]]);
    site.program("kustomize", PRINT);
    let (exit, report) = site.check(&["overlay/"]);
    assert_eq!((exit, column(&report["results"], "file")), (0, vec!["overlay".to_owned()]));
    assert_eq!(site.calls("kustomize"), [["build", "--", "./overlay/"]]);
    assert_eq!(site.calls("kubectl").len(), 1);
}

#[test]
fn a_program_that_fails_is_an_error_with_its_message() {
    let site = Site::new();
    for (script, expected) in [
        (
            "echo 'Error: \u{1b}[31mbad\u{1b}[0m' >&2; echo >&2; echo ' chart\u{202e}' >&2; exit 7",
            "`helm` failed with 7: Error: bad chart\\u{202e}",
        ),
        (
            "for i in 1 2 3 4 5; do printf 'a\\nb\\nc\\nd\\ne\\n' >&2; done; exit 1",
            "`helm` failed with 1: a b c d e a b c d e a b c d e a b c d e ... and 5 more lines",
        ),
        ("exit 1", "`helm` failed with 1: it printed no reason"),
        ("kill -9 $$", "`helm` was ended by a signal: it printed no reason"),
        (":", "`helm` printed no manifest"),
        ("printf '\\n---\\n# Source: agent/templates/a.yaml\\n\\n---\\n'", "`helm` printed no manifest"),
        // The output does not count if the program fails.
        (&format!("{PRINT}\nexit 1"), "`helm` failed with 1: it printed no reason"),
        ("exec head -c 200000000 /dev/zero", "`helm` printed more than 128 MB"),
        ("head -c 200000000 /dev/zero; echo late >&2", "`helm` printed more than 128 MB"),
    ] {
        site.program("helm", script);
        assert_eq!(site.error(&["charts/agent"]), expected, "{script}");
        let (exit, report) = site.check(&["charts/agent", "base"]);
        assert_eq!((exit, names(&report)), (3, vec!["base".to_owned()]), "{script}");
    }
}

#[test]
fn the_template_in_a_message_of_helm_is_named() {
    let site = Site::new();
    for (message, template) in [
        ("Error: execution error at (agent/templates/pod.yaml:4:6): bad", "charts/agent/templates/pod.yaml"),
        ("Error: YAML parse error on agent/templates/pod.yaml: bad", "charts/agent/templates/pod.yaml"),
        ("Error: template: agent/templates/pod.yaml:1:2: executing", "charts/agent/templates/pod.yaml"),
        ("Error: agent/templates/gone.yaml:1:2", ""),
        ("Error: agent/Chart.yaml/", ""),
        ("Error: agent/../../base/base.yaml", ""),
        ("Error: agent//bin/sh", ""),
    ] {
        site.program("helm", &format!("echo '{message}' >&2; exit 1"));
        let (exit, report) = site.check(&["charts/agent"]);
        assert_eq!(
            (exit, report["errors"][0]["template"].as_str().unwrap_or("")),
            (3, template),
            "{message}"
        );
    }
}

#[test]
fn nothing_is_accepted_only_on_request() {
    let site = Site::new();
    site.program("helm", "echo disabled >&2");
    let (exit, report) = site.check(&["charts/agent", "--allow-empty"]);
    assert_eq!(exit, 0, "{report:#}");
    let notes =
        ["this folder is built as a Helm chart; its other files are not evaluated", "helm printed: disabled"];
    assert_eq!(column(&report["notes"], "message"), notes);
    let (exit, report) = site.check(&["charts/agent"]);
    assert_eq!((exit, column(&report["notes"], "message")), (3, notes.map(str::to_owned).into()));
}

/// A program that reads stdin, one that fills the pipe of stderr, and one whose child keeps its pipes open.
#[test]
fn no_program_hangs() {
    let site = Site::new();
    for script in [
        format!("cat >&2\n{PRINT}"),
        format!("head -c 2000000 /dev/zero | tr '\\0' 'x' >&2\n{PRINT}"),
        format!("(sleep 1; {PRINT}\n) 2>/dev/null &\nwait"),
    ] {
        site.program("helm", &script);
        let start = Instant::now();
        let mut command = site.command(&["charts/agent"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        // It stays open until the program has ended.
        let stdin = child.stdin.take();
        let (exit, report) = report_of(&child.wait_with_output().unwrap());
        drop(stdin);
        assert_eq!((exit, names(&report)), (0, vec!["agent".to_owned()]), "{script}");
        assert!(start.elapsed() < Duration::from_secs(20), "{script}");
    }
}

#[test]
fn each_file_of_a_matrix_has_its_own_verdict() {
    let site = Site::new();
    site.program(
        "helm",
        &format!(
            "case $* in *two.yaml*) {} ;;\n*) {PRINT}\nesac",
            PRINT.replace("spec: {", "spec: {hostPID: true, ").replace("\nEND", "\nEND\n")
        ),
    );
    let matrix = ["charts/agent", "--matrix", "values/one.yaml", "values/two.yaml", "values/three.yaml"];
    let (exit, report) = site.check(&matrix);
    assert_eq!(exit, 1, "{report:#}");
    let results = report["results"].as_array().unwrap();
    let seen: Vec<_> = results
        .iter()
        .map(|result| [&result["file"], &result["variant"], &result["template"], &result["verdict"]])
        .collect();
    let row = |values: &str, verdict: &str| {
        [
            json!("charts/agent"),
            json!(format!("values/{values}.yaml")),
            json!("charts/agent/templates/pod.yaml"),
            json!(verdict),
        ]
    };
    let expected = [row("one", "admitted"), row("two", "denied"), row("three", "admitted")];
    assert_eq!(seen, expected.each_ref().map(|row| row.each_ref()));
    let variant = |values: &str, admitted: u8, denied: u8| json!({"variant": format!("values/{values}.yaml"), "workloads": 1, "admitted": admitted, "exempted": 0, "denied": denied, "excepted": 0, "errors": 0});
    assert_eq!(
        report["summary"]["variants"],
        json!([variant("one", 1, 0), variant("two", 0, 1), variant("three", 1, 0)])
    );
    assert_eq!(site.calls("helm").len(), 3);

    site.program("helm", "case $* in *two.yaml*) exit 1;; esac\n:");
    let (exit, report) = site.check(&matrix);
    assert_eq!(exit, 3, "{report:#}");
    assert_eq!(column(&report["errors"], "variant"), matrix[2..]);
    assert_eq!(report["summary"]["variants"][1]["errors"], json!(1));
}

#[test]
fn values_are_checked_before_anything_runs() {
    let site = Site::new();
    site.program("helm", PRINT);
    for (arguments, message) in [
        (["--matrix", "values/no.yaml"], "no such file"),
        (["--values", "values/no.yaml"], "no such file"),
        (["--values", "values"], "not a regular file"),
        (["--values", "/dev/null"], "not a regular file"),
        (["--values", "-"], "values cannot be read from stdin"),
        (
            ["--matrix", "https://example.com/a.yaml"],
            "values are on the network, which hallpass never accesses",
        ),
        (
            ["--values", "git+https://example.com/a.yaml"],
            "values are on the network, which hallpass never accesses",
        ),
    ] {
        assert_eq!(site.error(&["charts/agent", arguments[0], arguments[1]]), message, "{arguments:?}");
    }
    symlink("one.yaml", site.path("values/link.yaml")).unwrap();
    for arguments in [
        &["charts/agent", "--matrix", "values/one.yaml", "values/link.yaml"][..],
        &["charts/agent", "--matrix", "values/one.yaml", "--matrix", "values/../values/one.yaml"],
        &["charts", "--values", "values/one.yaml"],
        &["charts/agent/templates/pod.yaml", "--set", "a=b"],
        &["overlay", "--matrix", "values/one.yaml"],
        &["charts/agent", "--no-render", "--matrix", "values/one.yaml"],
    ] {
        let output = site.command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    assert!(site.calls("helm").is_empty());
}

#[test]
fn only_a_root_that_is_named_is_built() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.program("kustomize", PRINT);
    for path in
        [".", "charts", "charts/agent/templates", "charts/agent/Chart.yaml", "overlay/kustomization.yaml"]
    {
        assert_eq!(site.check(&[path]).0, 3, "{path}");
    }
    assert_eq!(site.check(&["--no-render", "overlay", "--allow-empty"]).0, 0);
    let (exit, report) = site.check(&["--no-render", "base"]);
    assert_eq!((exit, names(&report)), (0, vec!["base".to_owned()]));
    // No program is needed for a kustomization of resources alone.
    assert_eq!(site.check(&["base"]).0, 0);
    assert!(site.calls("helm").is_empty() && site.calls("kustomize").is_empty());
    // An allowlist is not built.
    assert_eq!(site.check(&["base", "--allowlists", "charts/agent"]).0, 3);
    assert_eq!(site.check(&["base", "--allowlists", "overlay"]).0, 3);
    assert!(site.calls("helm").is_empty() && site.calls("kustomize").is_empty());
}

#[test]
fn a_root_is_built_once_and_not_searched_as_well() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.program("kustomize", PRINT);
    // Without a kustomization's help, this would be a second root.
    site.write("charts/agent/charts/sub/Chart.yaml", CHART);
    site.write("overlay/sub/kustomization.yaml", "resources: [missing.yaml]\n");
    symlink("agent", site.path("charts/link")).unwrap();
    let paths = [".", "charts/agent", "./charts/agent/", "charts/link", "overlay", "base"];
    let (exit, report) = site.check(&paths);
    assert_eq!(
        (exit, names(&report)),
        (0, ["base", "agent", "agent"].map(str::to_owned).into()),
        "{report:#}"
    );
    assert_eq!((site.calls("helm").len(), site.calls("kustomize").len()), (1, 1));
    assert_eq!(column(&report["notes"], "file"), ["charts/agent", "overlay"]);
}

/// A pull request can add the file that makes a folder a root.
#[test]
fn a_folder_that_becomes_a_root_does_not_silently_lose_its_manifests() {
    for (file, text, built_as) in
        [("kustomization.yaml", "namePrefix: a-\n", "kustomization"), ("Chart.yaml", CHART, "Helm chart")]
    {
        let site = Site::new();
        site.program("helm", PRINT);
        site.program("kustomize", PRINT);
        let denied = POD.replace("NAME", "denied").replace("spec: {", "spec: {hostPID: true, ");
        site.write("deploy/denied.yaml", &denied);
        assert_eq!(site.check(&["deploy"]).0, 1);
        site.write(&format!("deploy/{file}"), text);
        for paths in [
            vec!["deploy"],
            vec!["./deploy/", "deploy"],
            vec!["deploy/../deploy", "--matrix", "values/one.yaml"],
        ] {
            if paths.contains(&"--matrix") && built_as == "kustomization" {
                continue;
            }
            let (exit, report) = site.check(&paths);
            let message = format!("this folder is built as a {built_as}; its other files are not evaluated");
            assert_eq!((exit, column(&report["notes"], "message")), (0, vec![message]), "{paths:?}");
        }
        let (exit, report) = site.check(&["deploy/denied.yaml", "--no-render"]);
        assert_eq!((exit, column(&report["notes"], "message")), (1, Vec::new()));
    }
}

#[test]
fn a_root_below_another_one_is_built_only_with_it() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.program("kustomize", PRINT);
    site.write("overlay/below/kustomization.yaml", "namePrefix: b-\n");
    site.write("overlay/chart/Chart.yaml", CHART);
    for below in ["overlay/below", "overlay/chart"] {
        let message = site.error(&[below]);
        assert!(message.starts_with("`namePrefix` in a kustomization can change its files"), "{message}");
    }
    assert!(site.calls("helm").is_empty() && site.calls("kustomize").is_empty());
    assert_eq!(site.check(&["overlay/below", "overlay", "overlay/chart"]).0, 0);
    assert_eq!((site.calls("helm").len(), site.calls("kustomize").len()), (1, 2));
    // A file below a root stays an error, even if the root is built: the build may not contain it.
    site.write("overlay/pod.yaml", &POD.replace("NAME", "pod"));
    assert_eq!(site.check(&["overlay", "overlay/pod.yaml"]).0, 3);
}

#[test]
fn a_folder_that_is_a_chart_and_a_kustomization_is_neither() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.program("kustomize", PRINT);
    site.write("charts/agent/kustomization.yaml", PREFIXED);
    let (exit, report) = site.check(&["charts/agent"]);
    assert_eq!(exit, 3);
    let helps = column(&report["errors"], "help");
    assert!(helps[0].contains("`helm template charts/agent | hallpass check -`"), "{helps:?}");
    assert!(helps[1].contains("`kubectl kustomize charts/agent | hallpass check -`"), "{helps:?}");
    assert!(site.calls("helm").is_empty() && site.calls("kustomize").is_empty());
}

#[test]
fn a_chart_that_helm_must_not_see_is_an_error() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.write("secret", "token\n");
    symlink("../../../secret", site.path("charts/agent/templates/secret.yaml")).unwrap();
    symlink("pod.yaml", site.path("charts/agent/templates/inside.yaml")).unwrap();
    assert_eq!(site.error(&["charts/agent"]), "a link that leads out of the chart, which is not followed");
    fs::remove_file(site.path("charts/agent/templates/secret.yaml")).unwrap();
    assert_eq!(site.check(&["charts/agent"]).0, 0);
    for (chart, message) in [
        ("apiVersion: v2\n", "the chart has no `name`"),
        ("name: [a]\n", "the chart has no `name`"),
        ("", "the file is empty"),
        (
            "name: a\n---\nname: b\n",
            "the description of a chart must be one document, but the file contains more",
        ),
    ] {
        site.write("charts/agent/Chart.yaml", chart);
        assert_eq!(site.error(&["charts/agent"]), message, "{chart:?}");
    }
    assert_eq!(site.calls("helm").len(), 1);
}

#[test]
fn nothing_on_the_network_reaches_kustomize() {
    let site = Site::new();
    site.program("kustomize", PRINT);
    site.write("far/kustomization.yaml", "resources: [base.yaml, 'git@example.com:a/b']\n");
    site.write("far/base.yaml", &POD.replace("NAME", "far"));
    site.write("https:/example.com/kustomization.yaml", "");
    for (kustomization, message) in [
        (
            "resources: ['https://example.com/a.yaml']\nnamePrefix: a-\n",
            "this kustomization lists `https://example.com/a.yaml`, which is on the network, and hallpass never accesses it",
        ),
        (
            "Resources: ['../https:/example.com']\nnamePrefix: a-\n",
            "this kustomization lists `../https:/example.com`, which is on the network, and hallpass never accesses it",
        ),
        (
            "components: [github.com/a/b]\n",
            "this kustomization lists `github.com/a/b`, which is on the network, and hallpass never accesses it",
        ),
        (
            "bases: [../far]\nnamePrefix: a-\n",
            "this kustomization lists `git@example.com:a/b`, which is on the network, and hallpass never accesses it",
        ),
        (
            "resources: [example.com/a/b]\nnamePrefix: a-\n",
            "this kustomization lists `example.com/a/b`, which is not a local file or folder",
        ),
    ] {
        site.write("overlay/kustomization.yaml", kustomization);
        assert_eq!(site.error(&["overlay"]), message, "{kustomization}");
    }
    assert!(site.calls("kustomize").is_empty());
    // A kustomization that lists itself ends, too.
    site.write("overlay/kustomization.yaml", "resources: [../overlay, ../base]\nnamePrefix: a-\n");
    assert_eq!(site.check(&["overlay"]).0, 0);
}

#[test]
fn templates_are_files_of_the_chart_where_they_exist() {
    let site = Site::new();
    site.write("charts/agent/charts/sub/templates/sub.yaml", "");
    let pod = |source: &str| format!("---\n# Source: {source}\n{}", POD.replace("NAME", "a"));
    let text = [
        "agent/templates/pod.yaml",
        "agent/charts/sub/templates/sub.yaml",
        "agent/charts/archived/templates/pod.yaml",
        "other/templates/pod.yaml",
    ]
    .map(pod)
    .concat();
    let text = format!("{text}---\n# Source: agent/templates/pod.yaml\nkind: [\n");
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        site.write("printed.yaml", &text);
        site.program("helm", "cat printed.yaml");
        for (from, chart, files) in [
            ("", "charts/agent", "charts/agent/"),
            ("", "./charts/agent", "charts/agent/"),
            ("charts/agent", ".", ""),
        ] {
            site.write("charts/agent/printed.yaml", &text);
            let mut command = site.command(&[chart]);
            let (exit, report) = check(command.current_dir(site.path(from)));
            assert_eq!(exit, 3, "{report:#}");
            let expected = [
                format!("{files}templates/pod.yaml"),
                format!("{files}charts/sub/templates/sub.yaml"),
                "agent/charts/archived/templates/pod.yaml".to_owned(),
                "other/templates/pod.yaml".to_owned(),
            ];
            assert_eq!(column(&report["results"], "template"), expected);
            assert_eq!(column(&report["errors"], "template"), expected[..1]);
            let lines: Vec<_> =
                report["results"].as_array().unwrap().iter().map(|result| &result["line"]).collect();
            assert_eq!(lines, [3, 9, 15, 21]);
        }
    }
}

/// The same with programs that exist. `cargo xtask test` reports those that do not.
#[test]
fn installed_programs_print_what_is_expected() {
    let site = Site::new();
    site.write(
        "charts/agent/templates/pod.yaml",
        &POD.replace(
            "NAME",
            "{{ .Release.Name }}-{{ .Values.a }}-{{ .Capabilities.APIVersions.Has \"auto.gke.io/v1\" }}",
        ),
    );
    let path = std::env::var("PATH").unwrap();
    let is_installed = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    if is_installed("helm", &["version"]) {
        let arguments = [
            "charts/agent",
            "--set",
            "a=x",
            "--gke-version",
            "1.33.2-gke.1000000",
            "--matrix",
            "values/one.yaml",
        ];
        let (exit, report) = check(site.command(&arguments).env("PATH", &path));
        assert_eq!((exit, names(&report)), (0, vec!["agent-x-true".to_owned()]), "{report:#}");
        assert_eq!(column(&report["results"], "template"), ["charts/agent/templates/pod.yaml"]);
    }
    if is_installed("kubectl", &["version", "--client"]) || is_installed("kustomize", &["version"]) {
        let (exit, report) = check(site.command(&["overlay"]).env("PATH", &path));
        assert_eq!((exit, names(&report)), (0, vec!["a-base".to_owned()]), "{report:#}");
        // kustomize would download the patch, which a file names that hallpass does not read.
        site.write("overlay/kustomization.yaml", "resources: [../base]\ntransformers: [patch.yaml]\n");
        site.write(
            "overlay/patch.yaml",
            "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: a}\npath: https://example.com/a.yaml\n",
        );
        let (exit, report) = check(site.command(&["overlay"]).env("PATH", &path));
        let message = column(&report["errors"], "message").remove(0);
        assert_eq!(exit, 3, "{report:#}");
        assert!(message.contains("127.0.0.1:1"), "{message}");
    }
}

#[test]
fn a_schema_of_values_refers_to_itself_alone() {
    let site = Site::new();
    site.program("helm", PRINT);
    site.write("charts/agent/values.schema.json", "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {}}}");
    let (exit, report) = site.check(&["charts/agent"]);
    assert_eq!(exit, 0, "{report:#}");
    site.write("charts/agent/charts/sub/values.schema.json", "{\n  \"$ref\": \"file:///etc/passwd\"\n}");
    let (exit, report) = site.check(&["charts/agent"]);
    assert_eq!((exit, site.calls("helm").len()), (3, 1), "{report:#}");
    let error = &report["errors"][0];
    assert_eq!(error["message"], "the schema refers to `file:///etc/passwd`, which is outside of it");
    assert_eq!(
        (&error["file"], &error["line"]),
        (&json!("charts/agent/charts/sub/values.schema.json"), &json!(2))
    );
}

#[test]
fn a_kustomization_downloads_nothing() {
    let site = Site::new();
    site.program("kustomize", "cat base/base.yaml");
    for (fields, url) in [
        ("configMapGenerator:\n- name: a\n  files: [a=http://127.0.0.1:1/a]\n", "a=http://127.0.0.1:1/a"),
        ("patches:\n- path: http://localhost/p\n", "http://localhost/p"),
        ("OpenAPI:\n  path: https://example.com/o\n", "https://example.com/o"),
        ("transformers:\n- http://localhost/t\n", "http://localhost/t"),
    ] {
        site.write("overlay/kustomization.yaml", &format!("{PREFIXED}{fields}"));
        let expected = format!(
            "this kustomization lists `{url}`, which is on the network, and hallpass never accesses it"
        );
        assert_eq!(site.error(&["overlay"]), expected);
    }
    let texts = "commonAnnotations: {a: 'http://a'}\npatches:\n- patch: '[{op: add, path: /a, value: http://a}]'\n\
                 configMapGenerator:\n- name: a\n  literals: [a=http://a]\n";
    site.write("overlay/kustomization.yaml", &format!("{PREFIXED}{texts}"));
    let (exit, report) = site.check(&["overlay"]);
    assert_eq!((exit, site.calls("kustomize").len()), (0, 1), "{report:#}");
}

#[test]
fn a_manifest_is_not_a_file_with_values() {
    let site = Site::new();
    site.program("helm", PRINT);
    let arguments = ["charts/agent", "--matrix", "values/one.yaml", "base/base.yaml"];
    assert_eq!(site.error(&arguments), "this is a manifest, not a file with values");
    assert!(site.calls("helm").is_empty());
}

#[test]
fn a_matrix_file_without_a_workload_is_an_error() {
    let site = Site::new();
    site.program(
        "helm",
        &format!("case $* in *two.yaml*) printf 'apiVersion: v1\\nkind: ConfigMap\\n';; *) {PRINT}\n;; esac"),
    );
    let matrix = ["charts/agent", "--matrix", "values/one.yaml", "values/two.yaml"];
    let (exit, report) = site.check(&matrix);
    assert_eq!(exit, 3, "{report:#}");
    assert_eq!(
        column(&report["errors"], "message"),
        ["with `values/two.yaml`, the chart contains no workload"]
    );
    assert_eq!(report["summary"]["variants"][1]["errors"], json!(1));
    assert_eq!(site.check(&[&matrix[..], &["--allow-empty"]].concat()).0, 0);
}
