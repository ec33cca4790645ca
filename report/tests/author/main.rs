//! What a mismatch says to the author of the allowlist.
#![cfg(test)]

mod changes;
mod pitfalls;

use hallpass_policy::{Options, Profile};
use hallpass_report::{Installed, Judge, Native, Outcome, Report, parse_all};
use serde_json::Value as Json;

/// Judges one workload with one valid allowlist.
fn judged(workload: &Json, allowlist: &Json) -> Outcome {
    let (workload, allowlist) = (workload.to_string(), allowlist.to_string());
    let mut report = Report::default();
    let parsed = parse_all([("allowlist.json", allowlist.as_bytes())], &mut report.errors);
    let installed = Installed::new(&parsed, &["allowlist.json"], &mut report);
    let profile = Profile::autopilot();
    let engine = Native { allowlists: &installed.set, options: Options::new(&profile) };
    let judge = Judge { installed: &installed, engine, snippets: false };
    report.add("pod.json", judge.file("pod.json", workload.as_bytes(), true));
    assert!(report.errors.is_empty(), "{:#?}\n{allowlist}", report.errors);
    report.results.remove(0)
}
