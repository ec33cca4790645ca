//! The TypeScript declarations of what goes in and out, made from the Rust types.

use hallpass_policy::{Verdict, WorkloadKind};
use hallpass_report::{Assumption, Mismatch, Outcome, Problem, Report, Summary, Violation};
use ts_rs::{Config, TS};

use crate::policy::Loaded;

/// A file, by name and content.
#[derive(TS)]
#[expect(dead_code, reason = "only its declaration is used: `input` reads the object itself")]
struct File {
    /// How reports call it.
    name: String,
    /// Its content: text, or the bytes as they are.
    #[ts(type = "string | Uint8Array")]
    content: String,
}

/// What to judge by beside allowlists.
#[derive(TS)]
#[ts(rename_all = "camelCase", optional_fields)]
#[expect(dead_code, reason = "only its declaration is used: `input` reads the object itself")]
struct Options {
    /// A `ConstraintProfile`; Autopilot's own when absent.
    profile: Option<File>,
    /// The cluster's version, such as `1.34.1-gke.1000000`.
    gke_version: Option<String>,
    /// Deny whatever rests on an assumption that the report lists.
    strict: Option<bool>,
    /// Let a check be without errors that finds no workload.
    allow_empty: Option<bool>,
}

/// All declarations, each exported.
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
    add::<Mismatch>(&mut text);
    add::<Assumption>(&mut text);
    add::<Problem>(&mut text);
    add::<Summary>(&mut text);
    text
}

fn add<T: TS + 'static>(text: &mut String) {
    let config = Config::default();
    let docs = T::docs().unwrap_or_default();
    text.push_str(&format!("\n{docs}export {}\n", T::decl(&config)));
}
