//! Properties that hold for every input, as functions that panic if they are violated.
//!
//! libFuzzer searches for violations with `fuzz_targets`; `tests` checks the properties with the seeds. A violation is
//! always a bug: where two readers may differ, the property says how.

pub mod decide;
pub mod patterns;
pub mod reader;
pub mod seeds;
mod value;

/// Reports that the input violates a property.
#[expect(clippy::panic, reason = "libFuzzer treats a panic as a finding")]
fn broken(law: &str) -> ! {
    panic!("{law}")
}
