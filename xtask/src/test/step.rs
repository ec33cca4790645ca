//! One step: a command whose output is kept back unless it fails.

use std::io::{self, Read as _, Write as _};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use super::skips::Skips;
use super::tally::Tally;
use crate::failure::Result;
use crate::workspace::cannot_start;

pub(super) struct Step {
    name: &'static str,
    /// Or why the step cannot run here.
    command: std::result::Result<Command, &'static str>,
    hint: Option<&'static str>,
    count: Option<fn(&str) -> Option<Tally>>,
}

impl Step {
    pub(super) fn new(name: &'static str, command: Command) -> Self {
        Step { name, command: Ok(command), hint: None, count: None }
    }

    /// A part of other steps that cannot run here.
    pub(super) fn missing(name: &'static str, reason: &'static str) -> Self {
        Step { name, command: Err(reason), hint: None, count: None }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// What to do when the step fails.
    pub(super) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The step cannot run here.
    pub(super) fn skipped(mut self, reason: &'static str) -> Self {
        self.command = Err(reason);
        self
    }

    /// The step can only run where something is there.
    pub(super) fn needs(self, is_there: bool, missing: &'static str) -> Self {
        if is_there { self } else { self.skipped(missing) }
    }

    /// The step runs tests, which its output counts.
    pub(super) fn counting(mut self, count: fn(&str) -> Option<Tally>) -> Self {
        self.count = Some(count);
        self
    }

    pub(super) fn counts_tests(&self) -> bool {
        self.count.is_some()
    }

    pub(super) fn run(self, skips: &Skips) -> Result<Tally> {
        print!("{:<16}", self.name);
        let command = match self.command {
            Ok(command) => command,
            Err(reason) => return Ok(skips.judge(self.name, reason)),
        };
        // The name is to be seen while the step runs.
        io::stdout().flush().map_err(|error| cannot_start(self.name, &error))?;
        let start = Instant::now();
        let (status, output) = run(command).map_err(|error| cannot_start(self.name, &error))?;
        let took = start.elapsed().as_secs_f64();
        let tally = match self.count {
            Some(count) => judge(status, count(&output)),
            None => Tally::one(status.success()),
        };
        let result = match self.count {
            Some(_) => tally.to_string(),
            None => if status.success() { "ok" } else { "failed" }.to_owned(),
        };
        println!("{took:>6.1} s  {result}");
        if tally.failed > 0 {
            println!("\n{output}");
            if let Some(hint) = self.hint {
                println!("help: {hint}\n");
            }
        }
        Ok(tally)
    }
}

/// A run of tests that failed without a failed test, or told no count, is a failure all the same: the tests may
/// not even have compiled.
fn judge(status: ExitStatus, counted: Option<Tally>) -> Tally {
    match counted {
        Some(tally) if tally.failed > 0 || status.success() => tally,
        counted => Tally { failed: 1, ..counted.unwrap_or_default() },
    }
}

/// Both streams in one, in the order in which they were written.
fn run(mut command: Command) -> io::Result<(ExitStatus, String)> {
    let (mut reader, writer) = io::pipe()?;
    // Colors would hide the counts from `tally`.
    command.env("CARGO_TERM_COLOR", "never").stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn()?;
    // The pipe ends when its last writer is gone, and the command holds two of them.
    drop(command);
    let mut output = Vec::new();
    reader.read_to_end(&mut output)?;
    Ok((child.wait()?, String::from_utf8_lossy(&output).into_owned()))
}
