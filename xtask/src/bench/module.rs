//! How large the Wasm module is.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::wasm;

/// Kilobytes that a module may have, and may take when it is compressed for a transfer.
const TARGET: f64 = 350.0;
const TARGET_COMPRESSED: f64 = 130.0;

pub(super) fn measure() -> Result<Vec<Figure>> {
    wasm::make()?;
    let (built, module) = (wasm::built(), wasm::module());
    let figure = |name, bytes: &[u8], target| Figure {
        name,
        measured: kilobytes(bytes),
        target,
        unit: Unit::Kilobytes,
    };
    let mut figures = vec![figure("Wasm module, as built", &read(&built)?, TARGET)];
    let bytes = read(&module)?;
    if module != built {
        figures.push(figure("Wasm module, after `wasm-opt`", &bytes, TARGET));
    }
    figures.push(figure("Wasm module, `gzip -9`", &compressed(&bytes)?, TARGET_COMPRESSED));
    Ok(figures)
}

fn read(module: &Path) -> Result<Vec<u8>> {
    std::fs::read(module)
        .map_err(|error| Failure::new(format!("`{}` cannot be read: {error}", module.display())))
}

fn compressed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| Failure::new(format!("the module cannot be compressed: {error}")))
}

#[expect(clippy::cast_precision_loss, reason = "shown without digits")]
fn kilobytes(bytes: &[u8]) -> f64 {
    bytes.len() as f64 / 1e3
}
