//! `-o github`: workflow commands of GitHub Actions, which annotate the lines of a pull request.

use super::findings::{Finding, Findings, Level, Subject};
use crate::text::{counted, shortened, visible};

/// GitHub shows so many annotations of each kind per step, and silently drops the others.
const SHOWN: usize = 10;

/// The maximum length of one line of a message.
const LENGTH: usize = 1000;

pub(crate) fn render(findings: &Findings) -> String {
    let mut text = String::new();
    let mut hidden = Vec::new();
    for (level, command) in [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "notice")] {
        let annotations = ranked(findings, level);
        for (subject, finding) in annotations.iter().take(SHOWN) {
            text.push_str(&annotation(command, *subject, finding));
            text.push('\n');
        }
        match annotations.len().saturating_sub(SHOWN) {
            0 => {}
            more => hidden.push(counted(more, &format!("more {command}"))),
        }
    }
    let mut summary = findings.summary.clone();
    if !hidden.is_empty() {
        summary.push_str(&format!("; not annotated: {}", hidden.join(", ")));
    }
    for line in [summary].iter().chain(&findings.remarks) {
        // Runners still execute the commands of their first version, anywhere in a line: `##[command]`.
        let line = visible(line).replace("##[", "## [");
        text.push_str(&format!("hallpass {}: {line}\n", findings.command));
    }
    text
}

/// Returns the findings of a severity: problems, then the first finding of every subject, the second, and so on, so that
/// one subject does not hide the others.
fn ranked(findings: &Findings, level: Level) -> Vec<(Option<&Subject>, &Finding)> {
    let problems = findings.problems.iter().filter(|problem| problem.severity() == level);
    let of_subjects = findings.subjects.iter().flat_map(|subject| {
        subject.at(level).enumerate().map(move |(rank, finding)| (rank, Some(subject), finding))
    });
    let mut of_subjects: Vec<_> = of_subjects.collect();
    of_subjects.sort_by_key(|(rank, ..)| *rank);
    let of_subjects = of_subjects.into_iter().map(|(_, subject, finding)| (subject, finding));
    problems.map(|problem| (None, problem)).chain(of_subjects).collect()
}

fn annotation(command: &str, subject: Option<&Subject>, finding: &Finding) -> String {
    let location = &finding.location;
    let mut properties = Vec::new();
    if let Some(file) = location.edited() {
        properties.push(format!("file={}", property(file)));
        if let Some(line) = location.edited_line() {
            properties.push(format!("line={line},endLine={line}"));
            properties.extend(location.column.map(|column| format!("col={column}")));
            properties.extend(location.end_column.map(|column| format!("endColumn={column}")));
        }
    }
    let title = match subject {
        Some(subject) => format!("{} {}", subject.text, subject.name),
        None => "hallpass".to_owned(),
    };
    let rule = if finding.rule.is_empty() { String::new() } else { format!(" [{}]", finding.rule) };
    properties.push(format!("title={}", property(&format!("{title}{rule}"))));
    let related =
        finding.related.iter().map(|(location, message)| format!("{}: {message}", location.shown()));
    let lines = [finding.message.clone()].into_iter().chain(related).chain(finding.help.iter().cloned());
    let lines = lines.chain(finding.cover());
    let lines: Vec<String> = lines.chain(location.rendered()).map(|line| data(&line)).collect();
    format!("::{command} {}::{}", properties.join(","), lines.join("%0A"))
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Escapes a line of a message. It contains no line break, because those are already escaped.
fn data(text: &str) -> String {
    shortened(text, LENGTH).replace('%', "%25")
}
