//! How large the Wasm module is.

use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::wasm;
use crate::workspace::run;

pub(super) fn measure() -> Result<Figure> {
    run(wasm::command(), "cargo rustc --package hallpass-policy")?;
    let module = wasm::module();
    let size = std::fs::metadata(&module)
        .map_err(|error| Failure::new(format!("`{}` cannot be read: {error}", module.display())))?
        .len();
    #[expect(clippy::cast_precision_loss, reason = "shown without digits")]
    let measured = size as f64 / 1e3;
    Ok(Figure { name: "Wasm module, as built", measured, target: 350.0, unit: Unit::Kilobytes })
}
