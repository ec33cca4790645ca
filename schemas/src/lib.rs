//! The JSON Schemas of files and outputs, and validation with messages that say what to write.

mod json;
mod validate;

pub use json::{json, outline};
pub use validate::Schema;

/// A Fleet.
pub const FLEET: &str = include_str!("../fleet.schema.json");
/// A WorkloadAllowlist.
pub const ALLOWLIST: &str = include_str!("../allowlist.schema.json");
/// An AllowlistSynchronizer.
pub const SYNCHRONIZER: &str = include_str!("../synchronizer.schema.json");
/// The custom resource definitions of the two.
pub const CRDS: &str = concat!(
    include_str!("../crds/allowlistsynchronizers.auto.gke.io.yaml"),
    "---\n",
    include_str!("../crds/workloadallowlists.auto.gke.io.yaml"),
);
/// A ConstraintProfile.
pub const PROFILE: &str = include_str!("../profile.schema.json");
/// The config of `check`.
pub const CONFIG: &str = include_str!("../config.schema.json");
/// The settings of the Kubewarden policy.
pub const KUBEWARDEN_SETTINGS: &str = include_str!("../kubewarden-settings.schema.json");
/// A test file, the input of `test`.
pub const TEST: &str = include_str!("../test.schema.json");
/// The output of `test -o json`.
pub const TEST_REPORT: &str = include_str!("../test-report.schema.json");
/// The output of `check -o json`.
pub const REPORT: &str = include_str!("../report.schema.json");
/// The output of `render -o json`.
pub const RENDER: &str = include_str!("../render.schema.json");
/// The output of `render --diff -o json`.
pub const RENDER_DIFF: &str = include_str!("../render-diff.schema.json");
/// The output of `status -o json`.
pub const STATUS: &str = include_str!("../status.schema.json");
/// The output of `lint -o json`.
pub const LINT: &str = include_str!("../lint.schema.json");
/// The output of `diff -o json`.
pub const DIFF: &str = include_str!("../diff.schema.json");
/// The output of `diff --workloads -o json`.
pub const VERDICT_DIFF: &str = include_str!("../verdict-diff.schema.json");
/// The output of `partners -o json`.
pub const PARTNERS: &str = include_str!("../partners.schema.json");
