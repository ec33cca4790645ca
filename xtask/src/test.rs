//! `cargo xtask test`: all that CI checks. Every step runs, whatever failed before it.

mod linters;
mod packages;
mod skips;
mod step;
mod tally;

use std::process::{Command, ExitCode};
use std::time::Instant;

use hallpass_module::Abi;

use clap::Args;

use crate::dist;
use crate::failure::Result;
use crate::setup;
use crate::wasm;
use crate::workspace::{cargo, has, root, task};
use skips::{Optional, Skips};
use step::Step;
use tally::Tally;

/// The tests of the page, in the folder of the page.
const PAGE_TESTS: [&str; 6] = [
    "test/page/authors.test.mjs",
    "test/page/causes.test.mjs",
    "test/page/page.test.mjs",
    "test/page/keeping.test.mjs",
    "test/page/report.test.mjs",
    "test/page/screens.test.mjs",
];

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// With CI=true, let this step be skipped; otherwise a skipped step fails there
    #[arg(long, value_name = "STEP: REASON")]
    optional: Vec<Optional>,
}

pub(crate) fn run(arguments: Test) -> Result<ExitCode> {
    setup::run()?;
    let start = Instant::now();
    let mut steps = Tally::default();
    let mut tests = Tally::default();
    let planned = steps_here()?;
    let skips = Skips::new(arguments.optional, planned.iter().map(Step::name))?;
    for step in planned {
        let total = if step.counts_tests() { &mut tests } else { &mut steps };
        *total += step.run(&skips)?;
    }
    println!("\n{} and {} in {:.1} s", steps.of("steps"), tests.of("tests"), start.elapsed().as_secs_f64());
    // The last line is for machines: steps and tests together.
    steps += tests;
    println!("{} passed, {} failed", steps.passed, steps.failed);
    Ok(if steps.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where a test finds google-re2, the packages, and builds of the modules apart from those that the binary carries: they
/// must be the same.
fn with_oracles(mut command: Command) -> Command {
    command.env("PATH", setup::path_with_python());
    command.env("HALLPASS_MODULE", wasm::module(Abi::Plain));
    command.env("HALLPASS_MODULE_KUBEWARDEN", wasm::module(Abi::Kubewarden));
    if setup::missing_for_page().is_none() {
        command.env("HALLPASS_NPM", dist::package());
    }
    packages::name_in(&mut command);
    command
}

fn steps_here() -> Result<Vec<Step>> {
    let mut lints = whole_workspace(&["clippy"]);
    lints.args(["--all-targets", "--", "-D", "warnings"]);
    // The binary carries it: built later, everything would be built twice.
    let mut steps = vec![page()?];
    steps.push(Step::new("format", cargo(&["fmt", "--all", "--check"])).hint("`cargo fmt --all` fixes it"));
    steps.extend(linters::steps());
    steps.push(Step::new("lints", lints));
    // What only a server or JavaScript calls exists for this target alone.
    let mut modules = cargo(&["clippy", "--locked", "--lib", "--target", hallpass_module::TARGET]);
    modules.args(Abi::ALL.into_iter().flat_map(|abi| ["--package", abi.package()]));
    modules.args(["--", "-D", "warnings"]);
    steps.push(Step::new("lints, Wasm", modules));
    steps.push(Step::new("Wasm modules", task("wasm")?));
    steps.extend(packages::steps()?);
    if has("nextest") {
        let nextest = whole_workspace(&["nextest", "run", "--no-fail-fast"]);
        steps.push(Step::new("tests", with_oracles(nextest)).counting(tally::nextest));
        // Nextest leaves these out.
        let doc = whole_workspace(&["test", "--no-fail-fast", "--doc"]);
        steps.push(Step::new("doc tests", doc).counting(tally::libtest));
    } else {
        let test = whole_workspace(&["test", "--no-fail-fast"]);
        steps.push(Step::new("tests", with_oracles(test)).counting(tally::libtest));
    }
    steps.extend(page_steps());
    steps.extend(missing_for_tests());
    // Advisories change without any change here, and need the network: they are not a matter of this test.
    let deny = cargo(&["deny", "--locked", "--workspace", "check", "bans", "licenses", "sources"]);
    let deny = Step::new("dependencies", deny);
    let missing = "cargo-deny was not found; `cargo install --locked cargo-deny` installs it";
    steps.push(deny.needs(has("deny"), missing));
    let flags = std::env::var("RUSTDOCFLAGS").unwrap_or_default();
    let mut doc = whole_workspace(&["doc", "--no-deps"]);
    doc.env("RUSTDOCFLAGS", format!("{flags} -D warnings"));
    steps.push(Step::new("documentation", doc));
    Ok(steps)
}

/// Cargo for all packages.
fn whole_workspace(arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    command.args(["--locked", "--workspace"]);
    command
}

/// A step for each part that tests leave out by themselves where something is missing.
fn missing_for_tests() -> impl Iterator<Item = Step> {
    let parts = [
        ("public corpus", root().join("../shared/corpus").is_dir(), "no folder of public files was found"),
        ("RE2", setup::has_re2(), "`python3` has no module `re2`"),
        ("SARIF schema", setup::missing_for_page().is_none(), "npm, which installs it, was not found"),
        ("kubectl", runs("kubectl", &["version", "--client"]), "`kubectl` was not found"),
        ("helm", runs("helm", &["version"]), "`helm` was not found"),
        (
            "API server",
            std::env::var_os("KUBEBUILDER_ASSETS").is_some(),
            "`KUBEBUILDER_ASSETS` names no folder with etcd and kube-apiserver",
        ),
    ];
    parts.into_iter().filter(|(_, is_there, _)| !is_there).map(|(name, _, why)| Step::missing(name, why))
}

/// Whether a program that has no option `--version` is installed and works.
fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// The npm package and the page.
fn page() -> Result<Step> {
    let is_built = setup::missing_for_page().is_none();
    Ok(Step::new("page", task("dist")?).needs(is_built, "Node and npm, which build it, were not found"))
}

/// The types that the package promises, what the page is made of, and the page in a browser.
fn page_steps() -> Vec<Step> {
    let types = dist::node(&["node_modules/typescript/bin/tsc", "--noEmit", "--project", "tsconfig.json"]);
    let types = Step::new("page, types", types);
    let test = |name, files: &[&str]| {
        // One file at a time: browsers that start together make each other time out.
        // A test waits for what it expects, so one whose expectation is wrong would not end.
        let mut test =
            dist::node(&["--test", "--test-reporter=tap", "--test-concurrency=1", "--test-timeout=600000"]);
        test.args(files);
        Step::new(name, test).counting(tally::tap)
    };
    let package = test("npm package", &["test/package/package.test.mjs"]);
    let browser = test("page, Chromium", &PAGE_TESTS);
    if setup::missing_for_page().is_some() {
        return [types, package, browser].map(|step| step.skipped("the page was not built")).into();
    }
    let browser = browser.needs(setup::has_program(setup::CHROMIUM), "`chromium` was not found");
    vec![types, package, browser]
}
