//! The TypeScript declarations of inputs and outputs, generated from the Rust types.

use hallpass_policy::{Verdict, WorkloadKind};
use hallpass_report::{
    AllowlistChange, Assumption, Compared, Excepted, Mismatch, Outcome, Problem, Report, Summary, Variant,
    Violation,
};
use ts_rs::{Config, TS};

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
#[expect(dead_code, reason = "only its declaration is used: `input` reads the object itself")]
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
    text
}

fn add<T: TS + 'static>(text: &mut String) {
    let config = Config::default();
    let docs = T::docs().unwrap_or_default();
    text.push_str(&format!("\n{docs}export {}\n", T::decl(&config)));
}
