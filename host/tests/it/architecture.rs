//! The index in docs/architecture.md leads to every rule.

use std::path::PathBuf;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    let path = repository().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of the index: an id, and the files.
fn index(page: &str) -> Vec<(&str, Vec<String>)> {
    let (_, rows) = page.split_once("## Where is a rule?").unwrap();
    let rows = rows.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    let rows = rows.filter(|(id, _)| id.starts_with(|c: char| c.is_ascii_uppercase()));
    let path = |file: &str| match file.trim_matches('`').strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => format!("policy-wasm/src/{}", file.trim_matches('`')),
    };
    rows.map(|(id, files)| (id, files.split(", ").map(path).collect())).collect()
}

#[test]
fn every_rule_has_a_file_that_opens_with_it() {
    let page = read("docs/architecture.md");
    let index = index(&page);
    let semantics = read("docs/semantics.md");
    let headings = semantics.lines().filter_map(|line| line.strip_prefix("### ")?.split_once(' '));
    let ids: Vec<&str> = headings
        .map(|(id, _)| id)
        .filter(|id| id.trim_start_matches(char::is_uppercase).parse::<u8>().is_ok())
        .collect();
    assert_eq!(index.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids);
    for (id, files) in index {
        for file in files {
            let text = read(&file);
            let head: Vec<&str> = text.lines().take(2).filter(|line| line.starts_with("//!")).collect();
            let words = head.iter().flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()));
            assert!(words.into_iter().any(|word| word == id), "{file} does not open with {id}: {head:?}");
        }
    }
}
