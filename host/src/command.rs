//! One file a subcommand.

pub(crate) mod check;
pub(crate) mod completions;
#[cfg_attr(not(test), expect(dead_code, reason = "called once a fleet can be read"))]
pub(crate) mod render;
pub(crate) mod schema;
pub(crate) mod status;
pub(crate) mod wasm;
