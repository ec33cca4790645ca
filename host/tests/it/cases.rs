//! Every case of `cases/`, one file for each rule of the semantics, judged and compared with what it expects.
//!
//! A failing run tells every case that differs, and in what. What a case may say is in `cases/file.rs`.

mod compare;
pub(crate) mod file;
mod native;
mod outcome;
pub(crate) mod rules;

use std::path::Path;

use file::Case;
use outcome::Outcome;

/// Judges every case by `judge`. A second engine is a second test that calls this with its own function.
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
