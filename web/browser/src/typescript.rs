//! The TypeScript declarations of inputs and outputs, generated from the Rust types.

use hallpass_author::difference::Class;
use hallpass_lint::{LintFinding, LintFix, LintReport, LintSummary, RelatedPlace};
use hallpass_policy::{Verdict, WorkloadKind};
use hallpass_report::difference::{self, Change, Difference, DifferenceReport, Version};
use hallpass_report::generate::{GeneratedAllowlist, GeneratedRemark, Generation, WorkloadPlace};
use hallpass_report::{
    AllowlistChange, Assumption, Compared, Excepted, Mismatch, Outcome, Problem, Report, Summary, Variant,
    Violation,
};
use ts_rs::{Config, TS};

use crate::author::LintRule;
use crate::policy::Loaded;

/// A file with a name and contents.
#[derive(TS)]
#[expect(dead_code, reason = "only its declaration is used: `input` reads the object itself")]
struct File {
    /// The name in reports.
    name: String,
    /// The contents: text or bytes.
    #[ts(type = "string | Uint8Array")]
    content: String,
}

/// The settings in addition to allowlists.
#[derive(TS)]
#[ts(rename_all = "camelCase", optional_fields)]
#[expect(dead_code, reason = "only its declaration is used: `options` reads the object itself")]
struct Options {
    /// The constraints to enforce: the name of a built-in profile, or a `ConstraintProfile`; by default, Autopilot's.
    #[ts(optional, type = "\"autopilot\" | \"kubernetes\" | File")]
    profile: Option<File>,
    /// The cluster's version, such as `1.34.1-gke.1000000`.
    gke_version: Option<String>,
    /// Deny workloads whose verdict depends on an assumption that the report lists.
    strict: Option<bool>,
    /// Report no error if no workload is found.
    allow_empty: Option<bool>,
}

/// How `generate` writes allowlists.
#[derive(TS)]
#[ts(rename_all = "camelCase", optional_fields)]
#[expect(dead_code, reason = "only its declaration is used: `options` reads the object itself")]
struct GenerateOptions {
    /// The name of the allowlist; of several, all but the first get a number. By default, derived from the workload.
    name: Option<String>,
    /// The oldest GKE version that may use the allowlist.
    min_gke_version: Option<String>,
    /// Put variants of a workload, which have its kind, namespace and name, into one allowlist wherever it can admit all of
    /// them.
    merge: Option<bool>,
    /// The fields in which to write a pattern where at least three texts share a form; a comment says what else it accepts.
    #[ts(optional, type = "readonly (\"image\" | \"args\" | \"env\")[]")]
    patterns: Option<Vec<String>>,
    /// The constraints to exempt from: the name of a built-in profile, or a `ConstraintProfile`; by default, Autopilot's.
    #[ts(optional, type = "\"autopilot\" | \"kubernetes\" | File")]
    profile: Option<File>,
}

/// What `diff` accepts.
#[derive(TS)]
#[ts(rename_all = "camelCase", optional_fields)]
#[expect(dead_code, reason = "only its declaration is used: `options` reads the object itself")]
struct DiffOptions {
    /// The classes of differences that may permit more.
    #[ts(optional, type = "readonly DifferenceClass[]")]
    allow: Option<Vec<String>>,
}

/// Returns all declarations, each exported.
#[must_use]
pub fn declarations() -> String {
    let mut text = String::new();
    add::<File>(&mut text);
    add::<Options>(&mut text);
    add::<Loaded>(&mut text);
    add::<Report>(&mut text);
    add::<Outcome>(&mut text);
    add::<WorkloadKind>(&mut text);
    add::<Verdict>(&mut text);
    add::<Violation>(&mut text);
    add::<Excepted>(&mut text);
    add::<Compared>(&mut text);
    add::<Mismatch>(&mut text);
    add::<AllowlistChange>(&mut text);
    add::<Assumption>(&mut text);
    add::<Problem>(&mut text);
    add::<Summary>(&mut text);
    add::<Variant>(&mut text);
    add::<GenerateOptions>(&mut text);
    add::<Generation>(&mut text);
    add::<GeneratedAllowlist>(&mut text);
    add::<GeneratedRemark>(&mut text);
    add::<WorkloadPlace>(&mut text);
    add::<DiffOptions>(&mut text);
    add::<DifferenceReport>(&mut text);
    add::<Difference>(&mut text);
    add::<Version>(&mut text);
    add::<Change>(&mut text);
    add::<Class>(&mut text);
    add::<difference::Summary>(&mut text);
    add::<LintReport>(&mut text);
    add::<LintFinding>(&mut text);
    add::<LintFix>(&mut text);
    add::<RelatedPlace>(&mut text);
    add::<LintSummary>(&mut text);
    add::<LintRule>(&mut text);
    text
}

fn add<T: TS + 'static>(text: &mut String) {
    let config = Config::default();
    let docs = T::docs().unwrap_or_default();
    text.push_str(&format!("\n{docs}export {}\n", T::decl(&config)));
}
