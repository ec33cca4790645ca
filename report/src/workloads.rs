//! Files to evaluate: read as strictly as the rules need.

use hallpass_reader::{Documents, read_with_duplicates};
use hallpass_workload::ReadPlaces;

/// Reads the documents of a file to evaluate, one by one. A duplicate key is an error if a rule reads it or something
/// below it; otherwise it is in [`hallpass_reader::Document::duplicates`], for a warning.
#[must_use]
pub fn read_workloads(bytes: &[u8]) -> Documents<'_> {
    read_with_duplicates(bytes, |root, pointer| ReadPlaces::of(root).contain(pointer))
}
