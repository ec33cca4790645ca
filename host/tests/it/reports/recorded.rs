//! Compares one report in every format, byte by byte, with the files in `tests/reports`.
//!
//! `UPDATE_REPORTS=1 cargo test --package hallpass --test it reports` updates them: review the diff before you commit it.

use std::fs;

use super::{FORMATS, check};
use crate::support::repository;

#[test]
fn every_format_is_as_recorded() {
    let folder = repository().join("host/tests/reports");
    let reports = check(&["./deploy", "-a", "allowlists"], &folder.join("in"));
    assert_eq!(reports.exit, 3);
    for (format, file) in FORMATS {
        let version = format!("\"semanticVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let text = reports.texts[format].replace(&version, "\"semanticVersion\": \"VERSION\"");
        let recorded = folder.join(file);
        if std::env::var_os("UPDATE_REPORTS").is_some() {
            fs::write(&recorded, &text).unwrap();
        }
        let expected = fs::read_to_string(&recorded).unwrap_or_default();
        assert!(text == expected, "{format} differs from {}:\n{text}", recorded.display());
    }
}
