//! Exceptions cover exactly the violations that they name, and nothing else of a report changes.
#![cfg(test)]

mod cases;
mod laws;

use hallpass_policy::{AllowlistSet, Constraint, Options, Profile};
use hallpass_report::{Exception, Installed, Judge, Native, Report, Selector};
use jiff::civil::{Date, date};
use serde_json::{Value as Json, json};

const TODAY: Date = date(2026, 11, 30);

/// The constraints that the samples can violate.
const VIOLATED: [Constraint; 4] = [
    Constraint::DisallowPrivilege,
    Constraint::DisallowHostNamespaces,
    Constraint::NoHostPort,
    Constraint::VolumeType,
];

fn judged(documents: &[Json], strict: bool) -> Report {
    let profile = Profile::autopilot();
    let none: [&str; 0] = [];
    let mut report = Report::default();
    let installed = Installed::new(&[], &none, &mut report);
    let set = AllowlistSet::default();
    let options = Options { strict, ..Options::new(&profile) };
    let engine = Native { allowlists: &set, options };
    let judge = Judge { installed: &installed, engine, snippets: false };
    let text: Vec<String> = documents.iter().map(Json::to_string).collect();
    report.add("all.json", judge.file("all.json", text.join("\n").as_bytes(), true));
    assert!(report.errors.is_empty(), "{:#?}", report.errors);
    assert_eq!(report.results.len(), documents.len());
    report
}

fn exception(workload: Selector, constraints: &[Constraint]) -> Exception {
    Exception {
        workload,
        constraints: constraints.to_vec(),
        reason: "known".to_owned(),
        expires: None,
        file: "config.yaml".to_owned(),
        line: 7,
    }
}

fn container(name: &str, image: &str, privileged: bool) -> Json {
    json!({"name": name, "image": image, "securityContext": {"privileged": privileged}})
}
