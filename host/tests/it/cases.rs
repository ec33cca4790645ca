//! Evaluates every case in `cases/`, with one file per rule, and compares the result with the expected one.
//!
//! A failing run lists every case that differs, and how. `cases/file.rs` describes the format.

mod compare;
pub(crate) mod file;
mod native;
mod outcome;
pub(crate) mod rules;

use std::path::Path;

use file::Case;
use outcome::Outcome;

/// Evaluates every case with `judge`. A test for another engine calls this with its own function.
fn run(judge: impl Fn(&Case) -> Outcome) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases");
    let (files, mut failures) = rules::read_all(&folder);
    let mut count = 0;
    for file in &files {
        for case in &file.cases {
            count += 1;
            let differences = compare::differences(case, &judge(case));
            if !differences.is_empty() {
                let differences = differences.join("\n  ");
                failures.push(format!("cases/{}.yaml, `{}`:\n  {differences}", file.rule, case.name));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures in {count} cases\n\n{}\n",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn the_native_engine_agrees_with_every_case() {
    run(native::judge);
}
