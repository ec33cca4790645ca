//! How large the Wasm module is.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use hallpass_module::Abi;

use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::wasm;

/// Kilobytes that a module may have, and may take when it is compressed for a transfer.
const TARGET: f64 = 360.0;
const TARGET_COMPRESSED: f64 = 140.0;
/// The same with the rules of Kubewarden, for a server that is near.
const TARGET_KUBEWARDEN: f64 = 430.0;

pub(super) fn measure() -> Result<Vec<Figure>> {
    let plain = ["Wasm module, as built", "Wasm module, after `wasm-opt`"];
    let kubewarden = ["Wasm module for Kubewarden, as built", "Wasm module for Kubewarden, with metadata"];
    let mut figures = measure_one(Abi::Plain, plain, TARGET)?;
    figures.push(Figure {
        name: "Wasm module, `gzip -9`",
        measured: kilobytes(&compressed(&read(&wasm::module(Abi::Plain))?)?),
        target: TARGET_COMPRESSED,
        unit: Unit::Kilobytes,
    });
    figures.extend(measure_one(Abi::Kubewarden, kubewarden, TARGET_KUBEWARDEN)?);
    Ok(figures)
}

fn measure_one(abi: Abi, names: [&'static str; 2], target: f64) -> Result<Vec<Figure>> {
    wasm::make(abi)?;
    let (built, module) = (wasm::built(abi), wasm::module(abi));
    let [as_built, as_made] = names;
    let figure =
        |name, bytes: &[u8]| Figure { name, measured: kilobytes(bytes), target, unit: Unit::Kilobytes };
    let mut figures = vec![figure(as_built, &read(&built)?)];
    if module != built {
        figures.push(figure(as_made, &read(&module)?));
    }
    Ok(figures)
}

pub(super) fn read(module: &Path) -> Result<Vec<u8>> {
    std::fs::read(module)
        .map_err(|error| Failure::new(format!("`{}` cannot be read: {error}", module.display())))
}

pub(super) fn compressed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| Failure::new(format!("the module cannot be compressed: {error}")))
}

#[expect(clippy::cast_precision_loss, reason = "shown without digits")]
pub(super) fn kilobytes(bytes: &[u8]) -> f64 {
    bytes.len() as f64 / 1e3
}
