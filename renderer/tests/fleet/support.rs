//! Fleets from files.

use std::fs;
use std::path::{Path, PathBuf};

use hallpass_document::{Diagnostic, Diagnostics};
use hallpass_policy::{AllowlistSet, Manifest, manifests};
use hallpass_renderer::{File, Fleet, ReadFleet, WorkloadPolicies, render};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fleet")
}

pub(crate) fn read(text: &str) -> Result<ReadFleet, Vec<Diagnostic>> {
    let document = hallpass_reader::read(text.as_bytes()).next().unwrap().unwrap();
    Fleet::read(document.root())
}

/// Reads a fleet that must be valid.
pub(crate) fn fleet(file: &Path) -> Fleet {
    let text = fs::read_to_string(file).unwrap();
    match read(&text) {
        Ok(read) => read.fleet,
        Err(faults) => panic!("{}: {faults:#?}", file.display()),
    }
}

/// Compiles the allowlists in a text for an entry of `cel`.
pub(crate) fn load(policies: &mut WorkloadPolicies, fleet: &Fleet, index: usize, text: &str) -> Diagnostics {
    let documents: Vec<_> = hallpass_reader::read(text.as_bytes()).map(Result::unwrap).collect();
    let manifests: Vec<Manifest<'_>> =
        documents.iter().flat_map(|document| manifests(document.root()).0).collect();
    let loaded = AllowlistSet::load(&manifests);
    assert!(loaded.invalid.is_empty() && loaded.duplicates.is_empty(), "{loaded:#?}");
    policies.load(fleet, index, &loaded.set)
}

/// Renders a valid fleet with the allowlists that it names.
pub(crate) fn rendered(file: &Path) -> Vec<File> {
    let fleet = fleet(file);
    let mut policies = WorkloadPolicies::new(&fleet);
    for (index, paths) in fleet.compiled_allowlists().enumerate() {
        let read = |path: &str| fs::read_to_string(file.parent().unwrap().join(path)).unwrap();
        let texts: Vec<String> = paths.iter().map(|(path, _)| read(path)).collect();
        let faults = load(&mut policies, &fleet, index, &texts.join("---\n"));
        assert!(faults.errors.is_empty(), "{}: {:#?}", file.display(), faults.errors);
    }
    render(&fleet, &policies)
}
