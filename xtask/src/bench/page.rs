//! How large the page is, and how long it takes in Chromium.

use std::fs;

use super::module::{compressed, kilobytes, read};
use super::printed::{Expected, figures};
use super::table::{Figure, Unit};
use crate::dist;
use crate::failure::{Failure, Result};
use crate::setup;

const FIGURES: [Expected; 2] = [
    ("page-first", "page: from loaded to the first verdict", 100.0, Unit::Milliseconds),
    ("page-edit", "page: from a key to the verdict, manifest of 500 lines", 16.0, Unit::Milliseconds),
];

/// No figures where the page cannot be built, and only its sizes where it cannot be opened.
pub(super) fn measure() -> Result<Vec<Figure>> {
    if let Some(missing) = setup::missing_for_page() {
        eprintln!("bench: the page is skipped: `{missing}` was not found");
        return Ok(Vec::new());
    }
    dist::make()?;
    let mut measured = sizes()?;
    if setup::has_program(setup::CHROMIUM) {
        measured.extend(figures(dist::node(&["bench.mjs"]), "node bench.mjs", &FIGURES)?);
    } else {
        eprintln!("bench: the page is not opened: `{}` was not found", setup::CHROMIUM);
    }
    Ok(measured)
}

fn sizes() -> Result<Vec<Figure>> {
    let size = |name, bytes: &[u8], target| Figure {
        name,
        measured: kilobytes(bytes),
        target,
        unit: Unit::Kilobytes,
    };
    let unread = |error| Failure::new(format!("`{}` cannot be read: {error}", dist::site().display()));
    let mut site = Vec::new();
    for entry in fs::read_dir(dist::site()).map_err(unread)? {
        // As a static host sends them: each by itself.
        site.extend(compressed(&read(&entry.map_err(unread)?.path())?)?);
    }
    Ok(vec![
        size("Wasm module for browsers", &read(&dist::package().join("hallpass_bg.wasm"))?, 500.0),
        size("the page, all files, `gzip -9`", &site, 450.0),
        size("the page in one file, `gzip -9`", &compressed(&read(&dist::page_file())?)?, 450.0),
    ])
}
