//! Evaluates CEL as the API server does: parsed without types, with the string extension and RE2 patterns. Only tests depend on this crate.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "only tests use this, and they must fail immediately"
)]

mod expression;
mod patterns;
mod policy;

pub use expression::evaluate;
pub use policy::{Outcome, Request, review};
