//! Files that are judged: read as strictly as the rules need.

use hallpass_policy::ReadPlaces;
use hallpass_reader::{Documents, read_with_duplicates};

/// Reads the documents of a file that is to be judged, one at a time. A key given twice is an error where a rule reads it
/// or something below it; elsewhere it is among [`hallpass_reader::Document::duplicates`], for a warning.
#[must_use]
pub fn read_workloads(bytes: &[u8]) -> Documents<'_> {
    read_with_duplicates(bytes, |root, pointer| ReadPlaces::of(root).contain(pointer))
}
