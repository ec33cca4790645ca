//! Figures from inside the process: `host/examples/decision.rs` measures, this reads what it prints.

use std::path::Path;
use std::process::Command;

use super::printed::{Expected, figures};
use super::table::{Figure, Unit};
use crate::failure::Result;
use crate::workspace::program;

const FIGURES: [Expected; 10] = [
    ("decide-exempted", "decision alone, exempted", 10.0, Unit::Microseconds),
    ("decide-denied", "decision alone, denied and explained", 10.0, Unit::Microseconds),
    ("json-exempted", "JSON bytes to decision, exempted", 30.0, Unit::Microseconds),
    ("json-denied", "JSON bytes to decision, denied and explained", 30.0, Unit::Microseconds),
    ("wasm-ratio-exempted", "the same through wasmtime, exempted", 2.0, Unit::Times),
    ("wasm-ratio-denied", "the same through wasmtime, denied and explained", 2.0, Unit::Times),
    ("wasm-fresh", "fresh instance, allowlists loaded, first decision", 500.0, Unit::Microseconds),
    ("kubewarden-admitted", "Kubewarden: fresh instance, 20 allowlists, admitted", 800.0, Unit::Microseconds),
    (
        "kubewarden-exempted",
        "Kubewarden: fresh instance, 20 allowlists, exempted",
        8000.0,
        Unit::Microseconds,
    ),
    ("kubewarden-denied", "Kubewarden: fresh instance, 20 allowlists, denied", 12000.0, Unit::Microseconds),
];

/// Runs the example that was built with the binary.
pub(super) fn measure(hallpass: &Path) -> Result<Vec<Figure>> {
    let decision = program(&hallpass.with_file_name("examples"), "decision");
    figures(Command::new(decision), "cargo run --release --package hallpass --example decision", &FIGURES)
}
