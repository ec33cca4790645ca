//! `cargo xtask fuzz`: runs libFuzzer to find inputs that violate a property.

mod log;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::failure::{Failure, Result};
use crate::workspace::{cannot_start, cargo, has, root, run as run_shown, target};
use log::Outcome;

/// The targets: `fuzz/fuzz_targets` contains one file for each.
const TARGETS: [&str; 3] = ["reader", "patterns", "decide"];

/// The package of the targets.
const PACKAGE: &str = "hallpass-fuzz";

/// The maximum length of an input, in bytes. Longer inputs are slower and find nothing more.
const LONGEST: usize = 4096;

#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// How long to fuzz, for all targets together
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// The targets to fuzz; by default, all of them
    #[arg(value_name = "TARGET", value_parser = TARGETS)]
    targets: Vec<String>,
}

pub(crate) fn run(fuzz: &Fuzz) -> Result<()> {
    if !has("fuzz") {
        return Err(Failure::new("cargo-fuzz was not found")
            .help("install it with `cargo install --locked cargo-fuzz`"));
    }
    let named: Vec<&str> = fuzz.targets.iter().map(String::as_str).collect();
    let targets = if named.is_empty() { &TARGETS[..] } else { &named };
    for name in targets {
        write_seeds(name)?;
        run_shown(cargo_fuzz("build", name), &format!("cargo fuzz build {name}"))?;
    }
    let count = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    let seconds = (fuzz.seconds / count).max(1);
    let mut findings = 0;
    for name in targets {
        println!("{name}: fuzzing for {seconds} s");
        let outcome = look(name, seconds)?;
        println!("{name}: {outcome}");
        findings += usize::from(outcome.finding.is_some());
    }
    if findings > 0 {
        return Err(Failure::new(format!("{findings} of {} targets found a violation", targets.len()))
            .help("CONTRIBUTING.md describes what to do with a finding"));
    }
    Ok(())
}

fn look(name: &str, seconds: u32) -> Result<Outcome> {
    let folder = folder(name);
    try_look(name, seconds, &folder)
        .map_err(|error| Failure::new(format!("cannot write to {}: {error}", folder.display())))?
}

fn try_look(name: &str, seconds: u32, folder: &Path) -> io::Result<Result<Outcome>> {
    let (corpus, findings, log) = (folder.join("corpus"), folder.join("findings"), folder.join("log"));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&findings)?;
    let mut command = cargo_fuzz("run", name);
    // libFuzzer writes new inputs to the first folder, from which the next run starts.
    command.arg(&corpus).arg(folder.join("seeds")).arg("--");
    command.arg(format!("-artifact_prefix={}/", findings.display()));
    command.arg(format!("-dict={}", root().join("fuzz/words.dict").display()));
    command.args([format!("-max_total_time={seconds}"), format!("-max_len={LONGEST}")]);
    command.args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    let output = File::create(&log)?;
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let status = match command.status() {
        Ok(status) => status,
        Err(error) => return Ok(Err(cannot_start("cargo fuzz run", &error))),
    };
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    Ok(Outcome::read(name, &text, status.success()).ok_or_else(|| {
        Failure::new(format!("`cargo fuzz run {name}` failed: {status}"))
            .help(format!("{} says why", log.display()))
    }))
}

/// Without sanitizers: they need a nightly compiler, and find bugs that safe code does not have. `unsafe` is denied.
fn cargo_fuzz(subcommand: &str, name: &str) -> Command {
    let mut command =
        cargo(&["fuzz", subcommand, "--features", "libfuzzer", "--sanitizer", "none", "--release", name]);
    // Link-time optimization takes minutes and does not help; a finding without symbols is hard to read.
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_STRIP", "none");
    command
}

/// Writes the seeds of the target.
fn write_seeds(name: &str) -> Result<()> {
    let mut seeds = cargo(&["run", "--quiet", "--locked", "--package", PACKAGE, "--example", "seeds", "--"]);
    seeds.arg(name).arg(folder(name).join("seeds"));
    run_shown(seeds, &format!("seeds {name}"))
}

fn folder(name: &str) -> PathBuf {
    target().join("fuzz").join(name)
}
