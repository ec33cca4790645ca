//! `-o sarif`: the Static Analysis Results Interchange Format 2.1.0, as GitHub's code scanning and editors read it.

mod model;
mod rules;
mod uri;

use std::collections::HashMap;

use model::{
    Artifact, ArtifactLocation, Driver, Invocation, Location, Log, Message, Notification, Physical, Region,
    Related, Run, SarifResult, Suppression, Tool,
};
use rules::Rules;

use super::findings::{self, Finding, Findings, Level, Subject};
use super::fingerprint::Fingerprints;
use super::json;
use crate::text::{counted, shortened};

/// GitHub refuses runs with more results.
const MOST: usize = 25_000;

/// The maximum length of one line of a message, in characters.
const LENGTH: usize = 1000;

/// The name of our fingerprints. The number changes if their meaning does.
const FINGERPRINT: &str = "hallpass/v1";

/// The fingerprint that code scanning compares. Its upload action computes it, except where it finds no source line, and
/// warns about any other value.
const LINE_FINGERPRINT: &str = "primaryLocationLineHash";

/// The results so far, and what they refer to.
#[derive(Default)]
struct Builder {
    rules: Rules,
    fingerprints: Fingerprints,
    artifacts: Vec<Artifact>,
    indexes: HashMap<String, usize>,
}

pub(crate) fn render(findings: &Findings) -> serde_json::Result<String> {
    let mut builder = Builder::default();
    let mut notifications: Vec<Notification> =
        findings.remarks.iter().map(|it| notification(Level::Note, it)).collect();
    // Code scanning shows only results with a location.
    let (located, global): (Vec<_>, Vec<_>) =
        findings.all().partition(|(subject, finding)| subject.is_some() || !finding.location.file.is_empty());
    for (_, finding) in global {
        let lines = [&finding.message].into_iter().chain(&finding.help).map(String::as_str);
        notifications.push(notification(finding.severity(), &lines.collect::<Vec<_>>().join("; ")));
    }
    let (kept, dropped) = most_important(located);
    if dropped > 0 {
        let message =
            format!("{} left out: a file can contain {MOST}", counted(dropped, "less important result"));
        notifications.push(notification(Level::Warning, &message));
    }
    let results = kept.into_iter().map(|(subject, finding)| builder.result(subject, finding)).collect();
    json::text(&Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "hallpass",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: rules::HOME,
                    rules: builder.rules.descriptors(),
                },
            },
            invocations: [Invocation {
                execution_successful: !findings.is_incomplete(),
                tool_execution_notifications: notifications,
            }],
            artifacts: builder.artifacts,
            results,
            column_kind: "unicodeCodePoints",
        }],
    })
}

/// Returns the findings that fit, in their order, and the number of the others.
fn most_important<'f>(
    mut all: Vec<(Option<&'f Subject>, &'f Finding)>,
) -> (Vec<(Option<&'f Subject>, &'f Finding)>, usize) {
    let dropped = all.len().saturating_sub(MOST);
    if dropped > 0 {
        all.sort_by_key(|(_, finding)| finding.severity());
        all.truncate(MOST);
    }
    (all, dropped)
}

fn notification(level: Level, message: &str) -> Notification {
    Notification { level: level.name(), message: Message { text: plain(message) } }
}

impl Builder {
    fn result(&mut self, subject: Option<&Subject>, finding: &Finding) -> SarifResult {
        let name = subject.map_or("", |subject| &subject.name);
        let (rule_id, rule_index) = self.rules.index(subject.is_some(), &finding.rule);
        let physical = self.physical(&finding.location);
        let fingerprint = self.fingerprints.next(name, finding);
        let mut partial_fingerprints = vec![(FINGERPRINT, fingerprint.clone())];
        if finding.location.edited().is_none() || physical.region.is_none() {
            partial_fingerprints.push((LINE_FINGERPRINT, format!("{fingerprint}:1")));
        }
        let related_locations = finding.related.iter().zip(1..).map(|((location, message), id)| Related {
            id,
            physical_location: self.physical(location),
            message: Message { text: plain(message) },
        });
        SarifResult {
            rule_id,
            rule_index,
            level: finding.severity().name(),
            message: Message { text: message(subject, finding) },
            locations: [Location { physical_location: physical }],
            related_locations: related_locations.collect(),
            partial_fingerprints: partial_fingerprints.into_iter().collect(),
            suppressions: finding
                .excepted
                .iter()
                .map(|reason| Suppression::accepted(finding.in_source, plain(reason)))
                .collect(),
        }
    }

    fn physical(&mut self, location: &findings::Location) -> Physical {
        let uri = uri::of(location.edited().unwrap_or("stdin"));
        let next = self.artifacts.len();
        let index = *self.indexes.entry(uri.clone()).or_insert(next);
        if index == next {
            self.artifacts.push(Artifact { location: ArtifactLocation { uri: uri.clone(), index: None } });
        }
        let region = location.edited_line().map(|line| Region {
            start_line: line,
            start_column: location.column,
            end_line: line,
            end_column: location.end_column,
        });
        Physical { artifact_location: ArtifactLocation { uri, index: Some(index) }, region }
    }
}

/// Returns the message of a result: the first line says what is wrong, the others what to do. Code scanning shows a
/// related location only if the message contains a link to it.
fn message(subject: Option<&Subject>, finding: &Finding) -> String {
    let mut lines = vec![plain(&finding.titled(subject))];
    lines.extend(finding.related.iter().zip(1..).map(|((location, message), id)| {
        format!("{}: [{}]({id})", plain(message), bracketed(&location.shown()))
    }));
    lines.extend(finding.help.iter().map(|help| plain(help)));
    lines.extend(finding.location.rendered().map(|rendered| plain(&rendered)));
    lines.join("\n")
}

/// Escapes text outside links, so that it contains none: `[text](target)`.
fn plain(text: &str) -> String {
    shortened(text, LENGTH).replace("](", "]\\(")
}

/// Escapes the text of a link.
fn bracketed(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
