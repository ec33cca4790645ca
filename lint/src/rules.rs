//! The rules. Each file has one.

mod fleet;
mod image_with_tag;
mod invalid_object;
mod test;

use crate::rule::Rule;

pub use fleet::RULE as FLEET;
pub(crate) use invalid_object::RULE as INVALID_OBJECT;
pub use test::RULE as TEST;

/// All rules, in the order of the documentation.
pub(crate) static ALL: &[&Rule] = &[&INVALID_OBJECT, &image_with_tag::RULE, &FLEET, &TEST];
