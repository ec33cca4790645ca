//! What holds for every input, as functions that panic when it does not.
//!
//! `fuzz_targets` hands them to libFuzzer, which looks for an input that breaks one; `tests` tries each on the seeds. A law is
//! written so that a broken one is a bug: where two readers may differ, the law says how.

pub mod decide;
pub mod patterns;
pub mod reader;
pub mod seeds;
mod tree;

/// The input breaks a law.
#[expect(clippy::panic, reason = "libFuzzer takes a panic for a finding")]
fn broken(law: &str) -> ! {
    panic!("{law}")
}
