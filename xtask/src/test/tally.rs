//! How much passed and failed, counted from what the test runners print.

use std::fmt;
use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u32,
    pub(super) failed: u32,
    pub(super) ignored: u32,
}

impl Tally {
    /// A step that is no test run.
    pub(super) fn one(passed: bool) -> Self {
        Tally { passed: passed.into(), failed: (!passed).into(), ignored: 0 }
    }

    /// "5 steps", "1 of 5 steps failed".
    pub(super) fn of(self, what: &str) -> String {
        let all = self.passed + self.failed;
        if self.failed == 0 {
            format!("{all} {what}")
        } else {
            format!("{} of {all} {what} failed", self.failed)
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed", self.passed)?;
        if self.failed > 0 {
            write!(f, ", {} failed", self.failed)?;
        }
        if self.ignored > 0 {
            write!(f, ", {} ignored", self.ignored)?;
        }
        Ok(())
    }
}

/// Sums what each test program says at its end:
/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
pub(super) fn libtest(output: &str) -> Option<Tally> {
    let results = output.lines().filter(|line| line.starts_with("test result: "));
    results
        .map(|line| {
            let count = |word| before(line, word).unwrap_or_default();
            Tally { passed: count("passed"), failed: count("failed"), ignored: count("ignored") }
        })
        .reduce(|mut sum, tally| {
            sum += tally;
            sum
        })
}

/// Reads the summary: `Summary [   0.010s] 3 tests run: 1 passed (1 slow), 1 failed, 1 timed out, 1 skipped`.
pub(super) fn nextest(output: &str) -> Option<Tally> {
    let line = output.lines().rfind(|line| line.trim_start().starts_with("Summary ["))?;
    let run = before(line, "tests").or_else(|| before(line, "test"))?;
    let passed = before(line, "passed").unwrap_or_default();
    // Whatever ran and did not pass has failed, under whichever name.
    let failed = run.saturating_sub(passed);
    Some(Tally { passed, failed, ignored: before(line, "skipped").unwrap_or_default() })
}

/// Reads the summary of `node --test`: `# pass 3`, `# fail 0` and others, a line each.
pub(super) fn tap(output: &str) -> Option<Tally> {
    let count = |word: &str| output.lines().rev().find_map(|line| line.strip_prefix(word)?.parse().ok());
    let (passed, failed) = (count("# pass ")?, count("# fail ")?);
    let cancelled: u32 = count("# cancelled ")?;
    Some(Tally { passed, failed: failed + cancelled, ignored: count("# skipped ")? })
}

/// The number that precedes a word.
fn before(line: &str, word: &str) -> Option<u32> {
    let mut words = line.split_whitespace().map(|token| token.trim_end_matches([',', ';', ':']));
    let mut previous = words.next()?;
    for token in words {
        if token == word {
            // A run that was cut short: `2/3 tests run`.
            return previous.split('/').next()?.parse().ok();
        }
        previous = token;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u32, failed: u32, ignored: u32) -> Option<Tally> {
        Some(Tally { passed, failed, ignored })
    }

    #[test]
    fn libtest_is_summed_over_programs() {
        let output = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 2 passed; 5 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(libtest(output), tally(5, 5, 1));
        assert_eq!(libtest("error: could not compile\n"), None);
    }

    #[test]
    fn tap_is_read_from_its_end() {
        let output = "# tests 9\n# suites 0\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 0\n# duration_ms 9.1\n";
        assert_eq!(tap(output), tally(5, 2, 2));
        assert_eq!(tap("TAP version 13\nBail out!\n"), None);
    }

    #[test]
    fn nextest_counts_as_failed_whatever_did_not_pass() {
        for (summary, counted) in [
            ("Summary [   0.010s] 1 test run: 1 passed, 0 skipped", tally(1, 0, 0)),
            ("Summary [   0.010s] 9 tests run: 9 passed (2 slow, 1 leaky), 3 skipped", tally(9, 0, 3)),
            ("Summary [   0.010s] 9 tests run: 6 passed, 2 failed, 1 timed out, 0 skipped", tally(6, 3, 0)),
            ("Summary [   0.010s] 5/9 tests run: 4 passed, 1 failed, 0 skipped", tally(4, 1, 0)),
            ("error: no tests to run", None),
        ] {
            assert_eq!(nextest(&format!("    PASS\n     {summary}\n")), counted, "{summary}");
        }
    }
}
