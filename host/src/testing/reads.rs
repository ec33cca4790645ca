//! The files that test files name.

use std::path::PathBuf;

use hallpass_policy::Profile;

use super::file::{Allowlist, Chart, Setup, TestFile, Workload};
use crate::input::{Caller, Purpose};
use crate::reads::Reads;
use crate::resolve::resolve;

/// Adds everything that a test file names, whether or not its tests can run.
pub(crate) fn add(file: &TestFile<'_>, reads: &mut Reads) {
    let resolve = |path: &String| resolve(file.folder(), path);
    let tests = &file.spec.tests;
    for setup in tests.iter().map(|test| &test.setup).chain([&file.spec.setup]) {
        let Setup { allowlists, profile, .. } = setup;
        let named = allowlists.iter().flatten().filter_map(|allowlist| match allowlist {
            Allowlist::Path(path) => Some(resolve(path)),
            Allowlist::Inline(_) => None,
        });
        reads.paths(&named.collect::<Vec<_>>(), Purpose::Allowlists(Caller::Test));
        let profile = profile.iter().filter(|profile| Profile::built_in(profile).is_none());
        reads.files(&profile.map(resolve).collect::<Vec<_>>());
    }
    for Workload { file, chart, .. } in tests.iter().map(|test| &test.workload) {
        reads.files(&file.iter().map(resolve).collect::<Vec<_>>());
        if let Some(Chart { path, values, matrix, .. }) = chart {
            reads.paths(&[resolve(path)], Purpose::Manifests(Caller::Test));
            reads.files(&values.iter().chain(matrix).map(resolve).collect::<Vec<PathBuf>>());
        }
    }
}
