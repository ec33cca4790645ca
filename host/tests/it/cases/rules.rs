//! Every rule has a case file, and each file contains both results.

use std::collections::HashSet;
use std::path::Path;

use super::file::{Case, File, read};

/// Returns the rules that have a section in docs/semantics.md: `### M7 Environment <a id="m7"></a>`.
fn rules() -> Vec<&'static str> {
    let page = include_str!("../../../../docs/semantics.md");
    let headings =
        page.lines().filter(|line| line.contains("<a id=")).filter_map(|line| line.strip_prefix("### "));
    let rules: Vec<&str> = headings.filter_map(|heading| heading.split(' ').next()).collect();
    assert!(rules.len() >= 32, "only {} rules are found in docs/semantics.md", rules.len());
    rules
}

/// The minimum number of passing and of failing cases per file.
const LEAST: usize = 2;

/// Reads the files of all rules, and returns the errors.
pub(crate) fn read_all(folder: &Path) -> (Vec<File>, Vec<String>) {
    let mut failures: Vec<String> = strays(folder);
    let mut files = Vec::new();
    for rule in rules() {
        let name = format!("{rule}.yaml");
        let file = std::fs::read(folder.join(&name))
            .map_err(|error| error.to_string())
            .and_then(|bytes| read(&bytes));
        match file {
            Ok(file) => {
                failures.extend(
                    shortcomings(&file, rule).into_iter().map(|text| format!("cases/{name}: {text}")),
                );
                files.push(file);
            }
            Err(error) => failures.push(format!("cases/{name}: {error}")),
        }
    }
    (files, failures)
}

fn strays(folder: &Path) -> Vec<String> {
    let names =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let known = |name: &String| rules().iter().any(|rule| *name == format!("{rule}.yaml"));
    names.filter(|name| !known(name)).map(|name| format!("cases/{name}: no rule has that id")).collect()
}

fn shortcomings(file: &File, rule: &str) -> Vec<String> {
    let mut found = Vec::new();
    if file.rule != rule {
        found.push(format!("it says `rule: {}`", file.rule));
    }
    let mut names = HashSet::new();
    for case in &file.cases {
        if !names.insert(&case.name) {
            found.push(format!("two cases are named `{}`", case.name));
        }
        let expect = &case.expect;
        if expect.verdict.is_some() == expect.verdicts.is_some() {
            found.push(format!("`{}` expects no verdict, or both `verdict` and `verdicts`", case.name));
        }
        if expect.verdict.as_deref() == Some("denied")
            && expect.violations.is_none()
            && expect.rules.is_none()
        {
            found.push(format!("`{}` is denied for no reason: it needs `violations` or `rules`", case.name));
        }
    }
    let passing = file.cases.iter().filter(|case| passes(case)).count();
    if passing < LEAST || file.cases.len() - passing < LEAST {
        let all = file.cases.len();
        found.push(format!("{passing} of {all} cases pass; at least {LEAST} must, and as many must not"));
    }
    found
}

fn passes(case: &Case) -> bool {
    let verdicts = case.expect.verdict.iter().chain(case.expect.verdicts.iter().flatten());
    verdicts.into_iter().all(|verdict| verdict == "admitted" || verdict == "exempted")
}
