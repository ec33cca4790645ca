//! `cargo xtask test`: all that CI checks. Every step runs, whatever failed before it.

mod step;
mod tally;

use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::failure::Result;
use crate::setup;
use crate::wasm;
use crate::workspace::{cargo, has, root};
use step::Step;
use tally::Tally;

pub(crate) fn run() -> Result<ExitCode> {
    setup::run()?;
    let start = Instant::now();
    let mut steps = Tally::default();
    let mut tests = Tally::default();
    for step in steps_here() {
        let total = if step.counts_tests() { &mut tests } else { &mut steps };
        *total += step.run()?;
    }
    println!("\n{} and {} in {:.1} s", steps.of("steps"), tests.of("tests"), start.elapsed().as_secs_f64());
    // The last line is for machines: steps and tests together.
    steps += tests;
    println!("{} passed, {} failed", steps.passed, steps.failed);
    Ok(if steps.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tests that run the module find it by this variable, and are skipped without it.
fn with_module(mut command: Command) -> Command {
    command.env("HALLPASS_MODULE", wasm::module());
    command
}

fn steps_here() -> Vec<Step> {
    let mut steps = vec![
        Step::new("format", cargo(&["fmt", "--all", "--check"])).hint("`cargo fmt --all` mends it"),
        Step::new(
            "lints",
            cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        ),
    ];
    // Without its features the module's code would be neither checked nor tested.
    let abi =
        ["clippy", "--locked", "--package", "hallpass-policy", "--features", "abi-plain", "--all-targets"];
    let mut abi = cargo(&abi);
    abi.args(["--", "-D", "warnings"]);
    steps.push(Step::new("lints, Wasm", abi));
    let abi = ["test", "--locked", "--package", "hallpass-policy", "--features", "abi-plain", "--lib"];
    steps.push(Step::new("tests, Wasm", cargo(&abi)).counting(tally::libtest));
    steps.push(Step::new("Wasm module", wasm::command()));
    if has("nextest") {
        let nextest = ["nextest", "run", "--locked", "--workspace", "--no-fail-fast"];
        steps.push(Step::new("tests", with_module(cargo(&nextest))).counting(tally::nextest));
        // Nextest leaves these out.
        let doc = ["test", "--locked", "--workspace", "--no-fail-fast", "--doc"];
        steps.push(Step::new("doc tests", cargo(&doc)).counting(tally::libtest));
    } else {
        let test = ["test", "--locked", "--workspace", "--no-fail-fast"];
        steps.push(Step::new("tests", with_module(cargo(&test))).counting(tally::libtest));
    }
    if !root().join("../shared/corpus").is_dir() {
        let nothing = cargo(&["--version"]);
        steps.push(
            Step::new("public corpus", nothing)
                .skipped("no folder of public files lies beside the repository"),
        );
    }
    if !has_re2() {
        let nothing = cargo(&["--version"]);
        steps.push(
            Step::new("RE2 itself", nothing)
                .skipped("`python3` has no module `re2`; `pip install google-re2` in a venv gets it"),
        );
    }
    // Advisories change without any change here, and need the network: they are not a matter of this test.
    let deny = cargo(&["deny", "--locked", "--workspace", "check", "bans", "licenses", "sources"]);
    steps.push(if has("deny") {
        Step::new("dependencies", deny)
    } else {
        Step::new("dependencies", deny)
            .skipped("cargo-deny is not there; `cargo install --locked cargo-deny` gets it")
    });
    let flags = std::env::var("RUSTDOCFLAGS").unwrap_or_default();
    let mut doc = cargo(&["doc", "--locked", "--workspace", "--no-deps"]);
    doc.env("RUSTDOCFLAGS", format!("{flags} -D warnings"));
    steps.push(Step::new("documentation", doc));
    steps
}

/// Whether the differential test of patterns finds RE2.
fn has_re2() -> bool {
    Command::new("python3").args(["-c", "import re2"]).output().is_ok_and(|output| output.status.success())
}
