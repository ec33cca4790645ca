//! Charts that were rendered with the values of several files: one verdict per file.

use hallpass_policy::Verdict;
use serde::Serialize;

use crate::report::Report;

/// The counts for one file with values.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Variant {
    /// The path of the file.
    pub variant: String,
    /// Evaluated workloads.
    pub workloads: usize,
    /// Workloads without violations.
    pub admitted: usize,
    /// Workloads that an allowlist exempts.
    pub exempted: usize,
    /// Denied workloads.
    pub denied: usize,
    /// Denied workloads whose violations are all covered by exceptions.
    pub excepted: usize,
    /// The number of `errors`.
    pub errors: usize,
}

impl Report {
    /// Counts the results and errors of each variant, in this order.
    pub fn sum_up_variants(&mut self, names: impl IntoIterator<Item = String>) {
        let variants = names.into_iter().map(|variant| {
            let has_name = |name: Option<&str>| name == Some(&*variant);
            let results = || self.results.iter().filter(|outcome| has_name(outcome.variant.as_deref()));
            let count = |verdict| results().filter(|outcome| outcome.verdict == verdict).count();
            let errors = self.errors.iter().filter(|error| has_name(error.variant.as_deref()));
            Variant {
                workloads: results().count(),
                admitted: count(Verdict::Admitted),
                exempted: count(Verdict::Exempted),
                denied: count(Verdict::Denied),
                excepted: results().filter(|outcome| outcome.excepted).count(),
                errors: errors.count(),
                variant,
            }
        });
        self.summary.variants = variants.collect();
    }
}
