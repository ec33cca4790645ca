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
const TARGET: f64 = 350.0;
const TARGET_COMPRESSED: f64 = 130.0;
/// The same with the rules of Kubewarden.
const TARGET_KUBEWARDEN: f64 = 400.0;
const TARGET_COMPRESSED_KUBEWARDEN: f64 = 150.0;

pub(super) fn measure() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for abi in [Abi::Plain, Abi::Kubewarden] {
        figures.extend(measure_one(abi)?);
    }
    Ok(figures)
}

fn measure_one(abi: Abi) -> Result<Vec<Figure>> {
    wasm::make(abi)?;
    let (built, module) = (wasm::built(abi), wasm::module(abi));
    let kubewarden = abi == Abi::Kubewarden;
    let names = if kubewarden {
        [
            "Wasm module for Kubewarden, as built",
            "Wasm module for Kubewarden, with metadata",
            "Wasm module for Kubewarden, `gzip -9`",
        ]
    } else {
        ["Wasm module, as built", "Wasm module, after `wasm-opt`", "Wasm module, `gzip -9`"]
    };
    let [as_built, as_made, zipped] = names;
    let (target, target_compressed) = if kubewarden {
        (TARGET_KUBEWARDEN, TARGET_COMPRESSED_KUBEWARDEN)
    } else {
        (TARGET, TARGET_COMPRESSED)
    };
    let figure = |name, bytes: &[u8], target| Figure {
        name,
        measured: kilobytes(bytes),
        target,
        unit: Unit::Kilobytes,
    };
    let mut figures = vec![figure(as_built, &read(&built)?, target)];
    let bytes = read(&module)?;
    if module != built {
        figures.push(figure(as_made, &bytes, target));
    }
    figures.push(figure(zipped, &compressed(&bytes)?, target_compressed));
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
