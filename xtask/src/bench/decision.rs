//! Figures from inside the process: `host/benches/decision.rs` measures, this reads what it prints.

use std::process::Stdio;

use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::{cannot_start, cargo};

/// What the bench calls a figure, what the table calls it, its target and the unit of both.
const FIGURES: [(&str, &str, f64, Unit); 10] = [
    ("decide-exempted", "decision alone, exempted", 10.0, Unit::Microseconds),
    ("decide-denied", "decision alone, denied and explained", 10.0, Unit::Microseconds),
    ("json-exempted", "JSON bytes to decision, exempted", 30.0, Unit::Microseconds),
    ("json-denied", "JSON bytes to decision, denied and explained", 30.0, Unit::Microseconds),
    ("wasm-ratio-exempted", "the same through wasmtime, exempted", 2.0, Unit::Times),
    ("wasm-ratio-denied", "the same through wasmtime, denied and explained", 2.0, Unit::Times),
    ("wasm-fresh", "fresh instance, allowlists loaded, first decision", 500.0, Unit::Microseconds),
    ("kubewarden-admitted", "Kubewarden: fresh instance, 20 allowlists, admitted", 800.0, Unit::Microseconds),
    ("kubewarden-exempted", "Kubewarden: fresh instance, 20 allowlists, exempted", 800.0, Unit::Microseconds),
    ("kubewarden-denied", "Kubewarden: fresh instance, 20 allowlists, denied", 3000.0, Unit::Microseconds),
];

pub(super) fn measure() -> Result<Vec<Figure>> {
    let name = "cargo bench --package hallpass --bench decision";
    let mut bench = cargo(&["bench", "--locked", "--package", "hallpass", "--bench", "decision"]);
    let output = bench.stderr(Stdio::inherit()).output().map_err(|error| cannot_start(name, &error))?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{name}` failed: {}", output.status)));
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    FIGURES
        .into_iter()
        .map(|(figure, name, target, unit)| {
            let measured = find(&printed, figure)
                .ok_or_else(|| Failure::new(format!("the bench printed no figure `{figure}`")))?;
            Ok(Figure { name, measured, target, unit })
        })
        .collect()
}

pub(super) fn find(printed: &str, figure: &str) -> Option<f64> {
    let mut lines = printed.lines().filter_map(|line| line.split_once('\t'));
    lines.find(|(name, _)| *name == figure)?.1.parse().ok()
}
