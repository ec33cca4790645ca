//! The rules. Each file has one.

/// The beginning of most examples.
macro_rules! head {
    () => {
        "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
exemptions:
- autogke-disallow-hostnamespaces
matchingCriteria:
  hostPID: true
"
    };
}

/// An allowlist up to the name of its only container.
macro_rules! allowlist {
    ($rest:literal) => {
        concat!(head!(), "  containers:\n  - name: agent", $rest)
    };
}

/// A synchronizer up to its `spec`.
macro_rules! synchronizer {
    ($rest:literal) => {
        concat!(
            "\
apiVersion: auto.gke.io/v1
kind: AllowlistSynchronizer
metadata:
  name: acme
spec:",
            $rest
        )
    };
}

mod any_argument;
mod any_image;
mod any_path;
mod any_registry;
mod bare_folder;
mod duplicate_digest;
mod duplicate_entry;
mod duplicate_name;
mod duplicate_path;
mod half_anchored_pattern;
mod ignored_field;
mod image_pattern_with_tag;
mod image_with_digest;
mod image_with_tag;
mod invalid_digest;
mod invalid_fleet;
mod invalid_min_gke_version;
mod invalid_name;
mod invalid_object;
mod invalid_path;
mod invalid_pattern;
mod invalid_test;
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
mod spec_field;
mod stray_digest;
mod suppression;
mod unanchored_pattern;
mod unescaped_dot;
mod unknown_exemption;
mod unknown_field;
mod unneeded_exemption;
mod wrong_api_version;

use crate::rule::Rule;

pub use invalid_fleet::RULE as INVALID_FLEET;
pub(crate) use invalid_object::RULE as INVALID_OBJECT;
pub use invalid_test::RULE as INVALID_TEST;
pub(crate) use suppression::RULE as SUPPRESSION;

/// The beginning of most examples.
pub(crate) const HEAD: &str = head!();

/// All rules, in the order of the documentation.
pub(crate) static ALL: &[&Rule] = &[
    // The object.
    &INVALID_OBJECT,
    &wrong_api_version::RULE,
    &spec_field::RULE,
    &unknown_field::RULE,
    &ignored_field::RULE,
    &never_matches::RULE,
    // Its name.
    &invalid_name::RULE,
    &name_too_long::RULE,
    &duplicate_name::RULE,
    &name_without_version::RULE,
    &name_unlike_file::RULE,
    &invalid_min_gke_version::RULE,
    &no_connect_false::RULE,
    // Exemptions.
    &unknown_exemption::RULE,
    &missing_exemption::RULE,
    &unneeded_exemption::RULE,
    // Patterns.
    &invalid_pattern::RULE,
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
    &invalid_digest::RULE,
    &duplicate_digest::RULE,
    &stray_digest::RULE,
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
