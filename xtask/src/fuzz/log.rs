//! Parses the last lines of libFuzzer's output.

use std::fmt;

/// The result of a run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    executions: u64,
    /// The number of covered edges.
    coverage: u64,
    pub(super) finding: Option<Finding>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// The message of the violation.
    says: String,
    reproduce: String,
}

impl Outcome {
    /// Parses the output of a run of `name`; `None` if it did not start fuzzing.
    pub(super) fn read(name: &str, log: &str, success: bool) -> Option<Self> {
        let finding = log.lines().rev().find_map(|line| line.split_once("Test unit written to "));
        let finding = finding.map(|(_, file)| Finding {
            says: said(log),
            reproduce: format!(
                "cargo run --package {} --features libfuzzer --bin {name} -- {file}",
                super::PACKAGE
            ),
        });
        let executions = number_after(log, "stat::number_of_executed_units:")?;
        let coverage = number_after(log, " cov: ").unwrap_or_default();
        (success || finding.is_some()).then_some(Outcome { executions, coverage, finding })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} executions, {} edges, ", self.executions, self.coverage)?;
        match &self.finding {
            None => f.write_str("no finding"),
            Some(Finding { says, reproduce }) => {
                write!(f, "a finding\n\n{says}\n\nreproduce it with:\n  {reproduce}\n")
            }
        }
    }
}

/// Returns the last number after a word.
fn number_after(log: &str, word: &str) -> Option<u64> {
    let (_, rest) = log.rsplit_once(word)?;
    rest.split_whitespace().next()?.parse().ok()
}

/// Returns the panic's message, or libFuzzer's: an input can also take too much time or memory.
fn said(log: &str) -> String {
    let lines = || log.lines().skip_while(|line| !line.contains("panicked at"));
    let panic: Vec<&str> =
        lines().take_while(|line| *line != "stack backtrace:" && !line.starts_with("==")).collect();
    if !panic.is_empty() {
        return panic.join("\n");
    }
    log.lines().find(|line| line.contains("ERROR: libFuzzer:")).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    const STATS: &str = "\
#2\tINITED cov: 17 ft: 18 corp: 1/1b exec/s: 0 rss: 40Mb
#99\tNEW    cov: 1234 ft: 99 corp: 2/2b lim: 4 exec/s: 0 rss: 41Mb L: 1/1 MS: 1 ChangeByte-
stat::number_of_executed_units: 98765
stat::average_exec_per_sec:     10
";

    #[test]
    fn a_run_without_a_finding() {
        let outcome = Outcome::read("reader", STATS, true).unwrap();
        assert_eq!(outcome.to_string(), "98765 executions, 1234 edges, no finding");
    }

    #[test]
    fn a_law_that_is_broken() {
        let log = format!(
            "thread '<unnamed>' (7) panicked at fuzz/src/reader.rs:1:2:\nassertion failed\n  left: 1\nstack \
             backtrace:\n   0: begin\n==7== ERROR: libFuzzer: deadly signal\nartifact_prefix='f/'; Test unit \
             written to f/crash-1\n{STATS}"
        );
        let outcome = Outcome::read("reader", &log, false).unwrap();
        let shown = outcome.to_string();
        assert!(shown.contains("reader.rs:1:2:\nassertion failed\n  left: 1\n\n"), "{shown}");
        assert!(
            shown
                .contains("cargo run --package hallpass-fuzz --features libfuzzer --bin reader -- f/crash-1"),
            "{shown}"
        );
    }

    #[test]
    fn an_input_that_takes_too_long() {
        let log = format!(
            "==7== ERROR: libFuzzer: timeout after 10 seconds\nTest unit written to f/timeout-1\n{STATS}"
        );
        let outcome = Outcome::read("reader", &log, false).unwrap();
        assert!(outcome.to_string().contains("timeout after 10 seconds"), "{outcome}");
    }

    #[test]
    fn a_run_that_failed_otherwise() {
        assert_eq!(Outcome::read("reader", "error: could not compile\n", false), None);
        assert_eq!(Outcome::read("reader", STATS, false), None);
    }
}
