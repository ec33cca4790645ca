//! The rules. Each file has one.

mod image_with_tag;
mod invalid_object;

use crate::rule::Rule;

pub(crate) use invalid_object::RULE as INVALID_OBJECT;

/// All rules, in the order of the documentation.
pub(crate) static ALL: &[&Rule] = &[&INVALID_OBJECT, &image_with_tag::RULE];
