//! The rules. Each file has one; `elsewhere` has all that have no code.

mod any_argument;
mod any_image;
mod any_path;
mod any_registry;
mod bare_folder;
mod duplicate_digest;
mod duplicate_entry;
mod duplicate_name;
mod duplicate_path;
mod elsewhere;
mod half_anchored_pattern;
mod ignored_field;
mod image_pattern_with_tag;
mod image_with_digest;
mod image_with_tag;
mod invalid_name;
mod invalid_path;
mod loader_environment;
mod missing_exemption;
mod missing_image;
mod mount_without_volume;
mod name_too_long;
mod name_unlike_file;
mod name_without_version;
mod never_matches;
mod no_connect_false;
mod no_paths;
mod path_case;
mod path_with_scheme;
mod pattern_in_literal_field;
mod powerful_host_path;
mod read_only_without_effect;
mod shadowed_entry;
mod unanchored_pattern;
mod unescaped_dot;
mod unneeded_exemption;

use crate::rule::Rule;

use elsewhere::{
    INVALID_DIGEST, INVALID_MIN_GKE_VERSION, INVALID_PATTERN, SPEC_FIELD, STRAY_DIGEST, UNKNOWN_EXEMPTION,
    UNKNOWN_FIELD, WRONG_API_VERSION,
};
pub use elsewhere::{INVALID_FLEET, INVALID_TEST};
pub(crate) use elsewhere::{INVALID_OBJECT, SUPPRESSION};

/// All rules, in the order of the documentation.
pub(crate) static ALL: &[&Rule] = &[
    // The object.
    &INVALID_OBJECT,
    &WRONG_API_VERSION,
    &SPEC_FIELD,
    &UNKNOWN_FIELD,
    &ignored_field::RULE,
    &never_matches::RULE,
    // Its name.
    &invalid_name::RULE,
    &name_too_long::RULE,
    &duplicate_name::RULE,
    &name_without_version::RULE,
    &name_unlike_file::RULE,
    &INVALID_MIN_GKE_VERSION,
    &no_connect_false::RULE,
    // Exemptions.
    &UNKNOWN_EXEMPTION,
    &missing_exemption::RULE,
    &unneeded_exemption::RULE,
    // Patterns.
    &INVALID_PATTERN,
    &half_anchored_pattern::RULE,
    &unanchored_pattern::RULE,
    &pattern_in_literal_field::RULE,
    // Images.
    &missing_image::RULE,
    &image_with_tag::RULE,
    &image_with_digest::RULE,
    &image_pattern_with_tag::RULE,
    &unescaped_dot::RULE,
    &any_image::RULE,
    &any_registry::RULE,
    &INVALID_DIGEST,
    &duplicate_digest::RULE,
    &STRAY_DIGEST,
    // Other criteria.
    &any_argument::RULE,
    &any_path::RULE,
    &loader_environment::RULE,
    &powerful_host_path::RULE,
    &mount_without_volume::RULE,
    &read_only_without_effect::RULE,
    &duplicate_entry::RULE,
    &shadowed_entry::RULE,
    // Synchronizers.
    &no_paths::RULE,
    &path_with_scheme::RULE,
    &bare_folder::RULE,
    &path_case::RULE,
    &invalid_path::RULE,
    &duplicate_path::RULE,
    // Other files, and comments.
    &INVALID_FLEET,
    &INVALID_TEST,
    &SUPPRESSION,
];
