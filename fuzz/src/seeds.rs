//! The seeds, taken from files that the repository has for other purposes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders with valid and invalid manifests.
const MANIFESTS: [&str; 6] = [
    "cases",
    "examples",
    "examples/allowlists",
    "host/tests/cmd/bad-allowlists.in",
    "host/tests/cmd/bad-manifests.in",
    "host/tests/cmd/verdicts.in",
];

/// Patterns, and the texts to match with each.
const PATTERNS: &str = "re2/tests/re2/inputs.tsv";

/// Returns the seeds of the target `reader`: each manifest file, and each text in a case.
///
/// # Errors
/// A file of the repository cannot be read.
pub fn manifests() -> io::Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for folder in MANIFESTS {
        for file in files(&root().join(folder))? {
            let bytes = fs::read(file)?;
            seeds.extend(blocks(&String::from_utf8_lossy(&bytes)).into_iter().map(String::into_bytes));
            seeds.push(bytes);
        }
    }
    Ok(seeds)
}

/// Returns the seeds of the target `decide`: each case with its workloads and allowlists, or the allowlists that its
/// file shares.
///
/// # Errors
/// A file of the repository cannot be read.
pub fn cases() -> io::Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for file in files(&root().join("cases"))? {
        let text = fs::read_to_string(file)?;
        let mut cases = text.split("\n  - name: ");
        let shared = blocks(cases.next().unwrap_or_default());
        for case in cases {
            let mut documents = if case.contains("\n    allowlists:") { Vec::new() } else { shared.clone() };
            documents.extend(blocks(case));
            seeds.push(documents.join("---\n").into_bytes());
        }
    }
    Ok(seeds)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the files of a folder, sorted by name.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.is_file());
    files.sort();
    Ok(files)
}

/// Returns the text blocks (`key: |`) in a YAML file.
fn blocks(yaml: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut found = Vec::new();
    let mut lines = yaml.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.ends_with(" |") {
            continue;
        }
        let mut block = String::new();
        let mut own = None;
        while let Some(next) = lines.next_if(|next| next.trim().is_empty() || indent(next) > indent(line)) {
            let own = *own.get_or_insert(indent(next));
            block.push_str(next.get(own..).unwrap_or_default());
            block.push('\n');
        }
        block.truncate(block.trim_end().len());
        block.push('\n');
        found.push(block);
    }
    found
}

/// Returns the seeds of the target `patterns`: each pattern with each of its texts, and lists of two patterns.
///
/// # Errors
/// A file of the repository cannot be read.
pub fn patterns() -> io::Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    let mut before = String::new();
    for row in fs::read_to_string(root().join(PATTERNS))?.lines() {
        // Placeholders for many or unusual characters are left to the fuzzer.
        if row.is_empty() || row.starts_with('#') || row.contains('⟨') {
            continue;
        }
        let cell = |cell: &str| cell.replace('∅', "").replace('␊', "\n").replace('␉', "\t");
        let mut cells = row.split('\t').map(cell);
        let pattern = cells.next().unwrap_or_default();
        for text in cells {
            seeds.push([&pattern, text.as_str()].map(str::as_bytes).join(&0xFF));
            seeds.push([&before, &pattern, text.as_str()].map(str::as_bytes).join(&0xFF));
        }
        before = pattern;
    }
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use super::{blocks, cases, manifests, patterns};

    #[test]
    fn blocks_lose_their_indentation() {
        let yaml = "a: |\n  b: 1\n  c:\n\n    - d\n\ne:\n- |\n  f\n- g\n";
        assert_eq!(blocks(yaml), ["b: 1\nc:\n\n  - d\n", "f\n"]);
    }

    #[test]
    fn every_target_has_seeds() {
        assert!(manifests().unwrap().len() > 500);
        assert!(cases().unwrap().len() > 400);
        let patterns = patterns().unwrap();
        assert!(patterns.len() > 1400, "{}", patterns.len());
        assert!(patterns.contains(&b"^a$\xFFa".to_vec()));
    }
}
