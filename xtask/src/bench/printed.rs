//! Figures that another program measures and prints, a line each: its name, a tab and the number.

use std::process::{Command, Stdio};

use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::cannot_start;

/// What the program calls a figure, what the table calls it, its target and the unit of both.
pub(super) type Expected = (&'static str, &'static str, f64, Unit);

/// Runs the program that is called `name`. What it says on stderr is shown.
pub(super) fn figures(mut program: Command, name: &str, expected: &[Expected]) -> Result<Vec<Figure>> {
    let output = program.stderr(Stdio::inherit()).output().map_err(|error| cannot_start(name, &error))?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{name}` failed: {}", output.status)));
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let figure = |&(figure, shown, target, unit): &Expected| {
        let measured = find(&printed, figure)
            .ok_or_else(|| Failure::new(format!("`{name}` printed no figure `{figure}`")))?;
        Ok(Figure { name: shown, measured, target, unit })
    };
    expected.iter().map(figure).collect()
}

fn find(printed: &str, figure: &str) -> Option<f64> {
    let mut lines = printed.lines().filter_map(|line| line.split_once('\t'));
    lines.find(|(name, _)| *name == figure)?.1.parse().ok()
}
