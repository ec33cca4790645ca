//! Runs RE2 through Python.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

pub(super) fn is_there() -> bool {
    python().args(["-c", "import re2"]).output().is_ok_and(|output| output.status.success())
}

/// Returns the result for each pair of a pattern and a text: `match`, `no match` or `error`.
pub(super) fn ask(seed: u64, pairs: &[(&str, &str)]) -> Vec<String> {
    let lines: String = pairs.iter().map(|(pattern, text)| line(pattern, text) + "\n").collect();
    let name = format!("re2-{seed}-{}.tsv", std::process::id());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, lines).expect("cargo made the folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/re2/ask.py");
    let output = python().arg(script).arg(&file).output().expect("`python3` was there just now");
    std::fs::remove_file(&file).expect("it was written above");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ask.py failed:\n{complaint}");
    let answers: Vec<String> =
        String::from_utf8(output.stdout).expect("plain words").lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), pairs.len(), "an answer for each question:\n{complaint}");
    answers
}

/// Formats a pattern and a text in the notation of the table, which `regenerate.py` explains.
pub(super) fn line(pattern: &str, text: &str) -> String {
    format!("{}\t{}", cell(pattern), cell(text))
}

fn cell(text: &str) -> String {
    if text.is_empty() {
        return "∅".to_owned();
    }
    let mut cell = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => cell.push('␊'),
            '\t' => cell.push('␉'),
            // Some of these break lines, and none are visible.
            _ if c.is_control() || (c.is_whitespace() && c != ' ') || "∅␊␉⟨⟩".contains(c) => {
                write!(cell, "⟨U+{:04X}⟩", u32::from(c)).expect("a string takes everything");
            }
            _ => cell.push(c),
        }
    }
    cell
}

/// It must not write compiled files next to the sources.
fn python() -> Command {
    let mut python = Command::new("python3");
    python.arg("-B");
    python
}
