//! `-o gitlab`: a report for GitLab's Code Quality, which it shows in merge requests.

use serde::Serialize;

use super::findings::{Finding, Findings, Level, Subject};
use super::fingerprint::Fingerprints;
use super::json;
use crate::text::{shortened, visible};

/// The maximum length of a description.
const LENGTH: usize = 1000;

/// The name of checks for findings without a rule.
const INPUT: &str = "hallpass";

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(crate) fn render(findings: &Findings) -> serde_json::Result<String> {
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Issue> =
        findings.all().map(|(subject, finding)| issue(subject, finding, &mut fingerprints)).collect();
    json::text(&issues)
}

fn issue(subject: Option<&Subject>, finding: &Finding, fingerprints: &mut Fingerprints) -> Issue {
    let location = &finding.location;
    let name = subject.map_or("", |subject| &subject.name);
    let mut description = finding.titled(subject);
    description.extend(finding.help.iter().map(|help| format!(" ({help})")));
    description.extend(finding.cover().map(|cover| format!(" ({cover})")));
    description.extend(location.rendered().map(|rendered| format!(" ({rendered})")));
    Issue {
        description: shortened(&description, LENGTH),
        check_name: if finding.rule.is_empty() { INPUT.to_owned() } else { visible(&finding.rule) },
        fingerprint: fingerprints.next(name, finding),
        severity: match finding.severity() {
            Level::Error => "critical",
            Level::Warning => "minor",
            Level::Note => "info",
        },
        // GitLab drops issues without a path or a line.
        location: Place {
            path: visible(location.edited().unwrap_or(if location.file.is_empty() { "." } else { "stdin" })),
            lines: Lines { begin: location.edited_line().unwrap_or(1) },
        },
    }
}
