//! No output contains a raw character that could control a terminal, hide text or change its direction, for any input.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use hallpass_document::is_hidden;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::{hallpass, repository};

/// Characters of every hidden kind, and some visible ones.
fn hostile() -> impl Strategy<Value = String> {
    let odd = prop_oneof![
        Just('\u{9b}'),
        Just('\u{1b}'),
        Just('\u{202e}'),
        Just('\u{2066}'),
        Just('\u{2028}'),
        Just('\u{61c}'),
        Just('\u{ad}'),
        Just('\u{fe0f}'),
        prop::char::range('\u{0}', '\u{9f}'),
        prop::char::range('\u{2000}', '\u{206f}'),
        prop::char::range('\u{e0000}', '\u{e01ef}'),
        any::<char>().prop_filter("hidden", |c| is_hidden(*c)),
        any::<char>(),
    ];
    prop::collection::vec(odd, 1..5).prop_map(String::from_iter)
}

/// YAML with the characters in it: raw, or escaped where a reader would reject them.
fn quoted(text: &str, raw: bool) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if raw => quoted.push(c),
            c => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted + "\""
}

fn write(folder: &Path, name: &str, text: String) {
    std::fs::write(folder.join(name), text).unwrap();
}

fn files(folder: &Path, text: &str, raw: bool) {
    let q = quoted(&format!("a{text}b"), raw);
    let comment: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    write(
        folder,
        "workload.yaml",
        format!(
            "---\n# Source: a/templates/{comment}.yaml\n\
            apiVersion: v1\nkind: Pod\nmetadata: {{name: {q}, namespace: {q}}}\nspec:\n  hostPID: true # {comment}\n\
            \x20 nodeSelector: {{{q}: {q}}}\n  containers:\n  - name: {q}\n    image: {q}\n    args: [{q}]\n\
            \x20   env: [{{name: {q}}}] # {comment}\n    {q}: {q}\n    tty: {q}\n    tty: {q} # {comment}\n\
            ---\napiVersion: v1\nkind: {q}\n---\napiVersion: v1\nkind: Pod\nspec: {{hostPID: {q}, {q}: 1, {q}: 2}}\n"
        ),
    );
    write(
        folder,
        "allowlist.yaml",
        format!(
            "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {{name: {q}}}\nexemptions: [{q}]\n\
            matchingCriteria:\n  hostPID: true\n  containers:\n  - name: x\n    image: {q} # {comment}\n    args: [{q}]\n"
        ),
    );
    write(
        folder,
        "synchronizer.yaml",
        format!(
            "apiVersion: auto.gke.io/v1\nkind: AllowlistSynchronizer\nmetadata: {{name: {q}}}\n\
            spec: {{allowlistPaths: [{q}]}}\nstatus:\n  conditions: [{{type: Ready, status: {q}, message: {q}}}]\n\
            \x20 managedAllowlistStatus: [{{filePath: {q}, phase: {q}, lastError: {q}}}]\n"
        ),
    );
    write(
        folder,
        "fleet.yaml",
        format!(
            "apiVersion: hallpass.dev/v1alpha1\nkind: Fleet\nmetadata: {{name: {q}}}\nspec: {{clusters: [{{name: {q}, path: {q}}}]}} # {comment}\n"
        ),
    );
}

/// A chart, values in a file with this name, and a program in place of Helm that prints the text to stderr.
fn chart(folder: &Path, text: &str, values: &str) {
    std::fs::create_dir(folder.join("chart")).unwrap();
    std::fs::create_dir(folder.join("bin")).unwrap();
    write(folder, "chart/Chart.yaml", "name: a\n".to_owned());
    write(folder, values, String::new());
    write(folder, "stderr", text.to_owned());
    let script =
        "PATH=/usr/bin:/bin\ncat stderr >&2\ncase $* in *--set=*) exit 1;; esac\ncat workload.yaml\n";
    write(folder, "bin/helm.script", script.to_owned());
    symlink(repository().join("host/tests/programs/scripted"), folder.join("bin/helm")).unwrap();
}

fn test_file(folder: &Path, text: &str, raw: bool) {
    let q = quoted(&format!("a{text}b"), raw);
    let comment: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    write(
        folder,
        "test.yaml",
        format!(
            "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: {q}\n    workload: {{inline: {{apiVersion: \
            v1, kind: Pod, metadata: {{name: {q}}}, spec: {{hostPID: true, containers: [{{name: {q}, image: \
            {q}}}]}}}}}} # {comment}\n    expect: {{verdict: denied, allowlist: {q}, mismatches: [{{rule: M3, path: {q}}}]}} # {comment}\n\
            \x20 - name: two\n    workload: {{file: {q}, kind: {q}}}\n    expect: {{allowlist: {q}}}\n"
        )
        .replace("path: \"a", "path: \"/a"),
    );
}

/// Runs the command, and checks both streams.
fn check(command: &mut Command) -> Result<(), TestCaseError> {
    let output = command.output().unwrap();
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(stream.clone()).unwrap();
        let plain = without_styles(&text);
        let raw = plain.chars().find(|c| *c != '\n' && is_hidden(*c));
        prop_assert!(raw.is_none(), "{:?} of {command:?}: {text:?}", raw);
    }
    Ok(())
}

/// Removes hallpass's own colors.
fn without_styles(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let style =
            part.split_once('m').filter(|(codes, _)| codes.bytes().all(|b| b.is_ascii_digit() || b == b';'));
        match style {
            Some((_, rest)) => plain.push_str(rest),
            None => plain.push_str(&format!("\u{1b}{part}")),
        }
    }
    plain
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_output_has_them(text in hostile(), raw in any::<bool>()) {
        let folder = TempDir::new().unwrap();
        files(folder.path(), &text, raw);
        test_file(folder.path(), &text, raw);
        let values: String = text.chars().filter(|c| !matches!(c, '/' | '\0')).collect();
        let values = format!("./{values}.yaml");
        chart(folder.path(), &text, &values);
        for arguments in [
            &["check", "workload.yaml", "-a", "allowlist.yaml", "--verbose", "--color", "always"][..],
            &["check", "workload.yaml", "-a", "allowlist.yaml", "-o", "json"],
            &["check", "workload.yaml", "-a", "allowlist.yaml", "-o", "sarif"],
            &["check", "workload.yaml", "-a", "allowlist.yaml", "-o", "junit"],
            &["check", "workload.yaml", "-a", "allowlist.yaml", "-o", "github"],
            &["check", "workload.yaml", "-a", "allowlist.yaml", "-o", "gitlab"],
            &["check", "workload.yaml", "-a", "allowlist.yaml", "-o", "markdown"],
            &["check", "chart", "--color", "always", "--matrix", &values],
            &["check", "chart", "-o", "json", "--matrix", &values],
            &["check", "chart", "--color", "always", "--values", &values, "--set", &format!("a={values}")],
            &["test", "test.yaml", "--verbose", "--color", "always"],
            &["test", "test.yaml", "-o", "json"],
            &["test", "test.yaml", "-o", "junit"],
            &["test", "test.yaml", "--update"],
            &["status", "synchronizer.yaml", "--color", "always"],
            &["status", "synchronizer.yaml", "-o", "json"],
            &["render", "--fleet", "fleet.yaml", "--out", "out"],
            &["render", "--fleet", "fleet.yaml", "--out", "out", "-o", "json"],
        ] {
            let mut command = hallpass();
            check(command.args(arguments).current_dir(folder.path()).env("PATH", folder.path().join("bin")))?;
        }
    }
}
