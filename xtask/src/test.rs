//! `cargo xtask test`: all that CI checks. Every step runs, whatever failed before it.

mod step;
mod tally;

use std::process::{Command, ExitCode};
use std::time::Instant;

use hallpass_module::Abi;

use crate::dist;
use crate::failure::Result;
use crate::fuzz;
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
    for step in steps_here()? {
        let total = if step.counts_tests() { &mut tests } else { &mut steps };
        *total += step.run()?;
    }
    println!("\n{} and {} in {:.1} s", steps.of("steps"), tests.of("tests"), start.elapsed().as_secs_f64());
    // The last line is for machines: steps and tests together.
    steps += tests;
    println!("{} passed, {} failed", steps.passed, steps.failed);
    Ok(if steps.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where a test finds builds of the modules apart from those that the binary carries: they must be the same.
fn with_module(mut command: Command) -> Command {
    command.env("HALLPASS_MODULE", wasm::module(Abi::Plain));
    command.env("HALLPASS_MODULE_KUBEWARDEN", wasm::module(Abi::Kubewarden));
    if setup::missing_for_page().is_none() {
        command.env("HALLPASS_NPM", dist::package());
    }
    command
}

fn steps_here() -> Result<Vec<Step>> {
    let mut lints = whole_workspace(&["clippy"]);
    lints.args(["--all-targets", "--", "-D", "warnings"]);
    // The binary carries it: built later, everything would be built twice.
    let mut steps = vec![page()?];
    steps.extend([
        Step::new("format", cargo(&["fmt", "--all", "--check"])).hint("`cargo fmt --all` mends it"),
        Step::new("lints", lints),
    ]);
    // Without its features the modules' code would be neither checked nor tested.
    let features: Vec<&str> = Abi::ALL.into_iter().filter_map(Abi::feature).collect();
    let features = features.join(",");
    let policy = ["--locked", "--package", "hallpass-policy", "--features", &features];
    let mut abi = cargo(&["clippy"]);
    abi.args(policy).args(["--all-targets", "--", "-D", "warnings"]);
    steps.push(Step::new("lints, ABIs", abi));
    // What calls the host exists for this target only.
    let mut abi = cargo(&["clippy"]);
    abi.args(policy).args(["--lib", "--target", hallpass_module::TARGET, "--", "-D", "warnings"]);
    steps.push(Step::new("lints, Wasm", abi));
    // So does what only JavaScript calls.
    let mut browser = cargo(&["clippy", "--locked", "--package", "hallpass-browser"]);
    browser.args(["--lib", "--target", hallpass_module::TARGET, "--", "-D", "warnings"]);
    steps.push(Step::new("lints, browser", browser));
    let mut abi = cargo(&["test"]);
    // Patterns take another way there, which must be RE2's as well.
    abi.args(policy).args(["--lib", "--test", "re2", "--test", "re2_differential", "--test", "kubewarden"]);
    steps.push(Step::new("tests, ABIs", abi).counting(tally::libtest));
    steps.push(Step::new("Wasm modules", wasm::build_command()?));
    if has("nextest") {
        let nextest = whole_workspace(&["nextest", "run", "--no-fail-fast"]);
        steps.push(Step::new("tests", with_module(nextest)).counting(tally::nextest));
        // Nextest leaves these out.
        let doc = whole_workspace(&["test", "--no-fail-fast", "--doc"]);
        steps.push(Step::new("doc tests", doc).counting(tally::libtest));
    } else {
        let test = whole_workspace(&["test", "--no-fail-fast"]);
        steps.push(Step::new("tests", with_module(test)).counting(tally::libtest));
    }
    steps.extend(page_steps());
    steps.extend(fuzz_targets()?);
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
    let mut doc = whole_workspace(&["doc", "--no-deps"]);
    doc.env("RUSTDOCFLAGS", format!("{flags} -D warnings"));
    steps.push(Step::new("documentation", doc));
    Ok(steps)
}

/// Cargo for all packages that can be built here.
fn whole_workspace(arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    command.args(["--locked", "--workspace"]);
    if !fuzz::has_compiler() {
        command.args(["--exclude", fuzz::PACKAGE]);
    }
    command
}

/// The npm package and the page.
fn page() -> Result<Step> {
    let build = Step::new("page", dist::build_command()?);
    Ok(match setup::missing_for_page() {
        Some(_) => build.skipped("it takes Node and npm, which are not there"),
        None => build,
    })
}

/// The types that the package promises, what the page is made of, and the page in a browser.
fn page_steps() -> Vec<Step> {
    let types = dist::node(&["node_modules/typescript/bin/tsc", "--noEmit", "--project", "tsconfig.json"]);
    let types = Step::new("page, types", types);
    let test = |name, file| {
        let test = dist::node(&["--test", "--test-reporter=tap", file]);
        Step::new(name, test).counting(tally::tap)
    };
    let package = test("npm package", "test/package/package.test.mjs");
    let browser = test("page, Chromium", "test/page/page.test.mjs");
    if setup::missing_for_page().is_some() {
        return [types, package, browser].map(|step| step.skipped("there is no page")).into();
    }
    if !setup::has_program(setup::CHROMIUM) {
        let why = "there is no `chromium`; as root, `cargo xtask setup` installs it";
        return vec![types, package, browser.skipped(why)];
    }
    vec![types, package, browser]
}

/// The laws that `cargo xtask fuzz` tries to break, over its seeds alone.
fn fuzz_targets() -> Result<Vec<Step>> {
    let build = Step::new("fuzz targets", fuzz::build_command());
    if !fuzz::has_compiler() {
        return Ok(vec![build.skipped("libFuzzer takes a C++ compiler, and there is no `c++`")]);
    }
    fuzz::write_seeds()?;
    let mut steps = vec![build];
    for (target, name) in fuzz::TARGETS.into_iter().zip(["fuzz reader", "fuzz patterns", "fuzz decide"]) {
        steps.push(Step::new(name, fuzz::seeds_command(target)?));
    }
    Ok(steps)
}

/// Whether the differential test of patterns finds RE2.
fn has_re2() -> bool {
    Command::new("python3").args(["-c", "import re2"]).output().is_ok_and(|output| output.status.success())
}
