//! Source lines fit the terminal: if it broke them, the marks below would point at something else.

use std::path::Path;

use crate::support::{hallpass, repository};

/// Every pair of a manifest and an allowlist among the examples of the command line's tests.
fn runs() -> Vec<(std::path::PathBuf, std::path::PathBuf)> {
    let folder = |name: &str| repository().join("host/tests/cmd").join(name);
    [
        ("verdicts.in", "unusual.yaml", "allowlist.yaml"),
        ("verdicts.in", "agent-v2.yaml", "allowlist.yaml"),
        ("denials.in", "pitfalls.yaml", "pitfalls-allowlist.yaml"),
        ("long.in", "agent.json", "allowlist.json"),
        ("long.in", "agent.yaml", "allowlist.yaml"),
    ]
    .map(|(name, manifest, allowlist)| (folder(name).join(manifest), folder(name).join(allowlist)))
    .to_vec()
}

fn output(manifest: &Path, allowlist: &Path, columns: usize) -> String {
    let mut command = hallpass();
    command.env("COLUMNS", columns.to_string()).arg("check").arg(manifest).arg("--verbose");
    let output = command.arg("--allowlists").arg(allowlist).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn marks_are_below_what_they_mark() {
    let mut marked = 0;
    for (manifest, allowlist) in runs() {
        for columns in [60, 80, 120] {
            let output = output(&manifest, &allowlist, columns);
            let lines: Vec<&str> = output.lines().collect();
            for pair in lines.windows(2) {
                let (source, marks) = (pair[0], pair[1]);
                let Some((_, below)) = marks.trim_start().split_once("| ") else { continue };
                let starts = |mark: char| below.trim_start().starts_with(mark);
                if !marks.trim_start().starts_with('|') || !(starts('^') || starts('-')) {
                    continue;
                }
                marked += 1;
                assert!(source.chars().count() <= columns, "wider than {columns}: {source}");
                assert!(marks.chars().count() <= columns, "wider than {columns}: {marks}");
                let start = marks.chars().position(|c| matches!(c, '^' | '-')).unwrap();
                let sign = marks.chars().nth(start).unwrap();
                let end = start + marks.chars().skip(start).take_while(|c| *c == sign).count();
                assert!(source.chars().count() >= end, "marks nothing:\n{source}\n{marks}");
                let marked: String = source.chars().skip(start).take(end - start).collect();
                assert_eq!(marked.trim(), marked, "marks blanks:\n{source}\n{marks}");
            }
        }
    }
    assert!(marked > 100, "only {marked} lines have marks");
}
