//! What authors and reviewers of allowlists use: the commands `generate` and `diff` without a disk.

use hallpass_author::difference::Class;
use hallpass_author::generate::Settings;
use hallpass_report::difference::DifferenceReport;
use hallpass_report::generate::{self, Generation, Text};

use crate::policy::{Constraints, File};

/// How to generate allowlists.
#[derive(Clone, Debug, Default)]
pub struct Generate {
    /// The constraints to exempt from; by default, Autopilot's.
    pub constraints: Constraints,
    /// How to write them.
    pub settings: Settings,
}

/// Generates the allowlists for every workload in the files.
#[must_use]
pub fn generate(files: Vec<File>, Generate { constraints, settings }: &Generate) -> Generation {
    let profile = match constraints.profile() {
        Ok(profile) => profile,
        Err(errors) => return Generation { errors, ..Generation::default() },
    };
    let texts = files.into_iter().map(|File { name, bytes }| Text { name, variant: None, bytes });
    let texts: Vec<Text> = texts.collect();
    generate::generate(&texts, &profile, settings).unwrap_or_else(Generation::from)
}

/// Compares the allowlists of two sides.
#[must_use]
pub fn diff(old: &[File], new: &[File], allowed: &[Class]) -> DifferenceReport {
    let [old, new] =
        [old, new].map(|files| files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())));
    DifferenceReport::between(old, new, allowed)
}
