//! `-o junit`: test results for CI servers. The elements and attributes are those of Jenkins' schema, and there are no
//! times, because the same input must give the same file.

use super::findings::{Finding, Findings, Level, Status, Subject};
use crate::text::visible;

pub(crate) fn render(findings: &Findings) -> String {
    let errors = findings.problems.iter().filter(|problem| problem.level == Level::Error);
    let (tests, failures, skipped) = (
        findings.subjects.len() + errors.clone().count(),
        findings.count(Status::Failed),
        findings.count(Status::Excepted),
    );
    let name = format!("hallpass {}", findings.command);
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{}\"", errors.clone().count());
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!("<testsuites name=\"{}\" {counts}>\n", escaped(&name)));
    text.push_str(&format!("  <testsuite name=\"{}\" {counts} skipped=\"{skipped}\">\n", escaped(&name)));
    for error in errors {
        case(&format!("input {}", error.location.shown()), error, &mut text);
        element("error", error, &error.message, &described(error), &mut text);
        text.push_str("    </testcase>\n");
    }
    for subject in &findings.subjects {
        self::subject(subject, &mut text);
    }
    let others = findings.problems.iter().filter(|problem| problem.level != Level::Error).map(described);
    let lines =
        [findings.summary.clone()].into_iter().chain(findings.remarks.clone()).map(|line| visible(&line));
    output(others.chain(lines), "    ", &mut text);
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn subject(subject: &Subject, text: &mut String) {
    let whole = Finding::new(Level::Note, "", "").at(subject.location.clone(), "");
    case(&subject.name, &whole, text);
    let is_reason = |finding: &&Finding| match subject.result {
        Status::Passed => false,
        Status::Failed => finding.severity() != Level::Note,
        Status::Excepted => finding.level != Level::Note,
    };
    let (reasons, others): (Vec<&Finding>, Vec<&Finding>) = subject.findings.iter().partition(is_reason);
    let first = reasons.first().copied().unwrap_or(&whole);
    let body = reasons.iter().map(|reason| described(reason)).collect::<Vec<_>>().join("\n");
    match subject.result {
        Status::Passed => {}
        Status::Failed => {
            let message = if first.message.is_empty() { &subject.text } else { &first.message };
            element("failure", first, message, &body, text);
        }
        Status::Excepted => element("skipped", first, &subject.text, &body, text),
    }
    let verdict = [visible(&subject.text)].into_iter().filter(|_| subject.result == Status::Passed);
    output(verdict.chain(others.into_iter().map(described)), "      ", text);
    text.push_str("    </testcase>\n");
}

/// Begins a test case.
fn case(name: &str, at: &Finding, text: &mut String) {
    let location = &at.location;
    let file = location.edited().unwrap_or(&location.file);
    // Jenkins groups by the class.
    let class = if file.is_empty() { "hallpass" } else { file };
    text.push_str(&format!("    <testcase name=\"{}\" classname=\"{}\"", escaped(name), escaped(class)));
    if let Some(file) = location.edited() {
        text.push_str(&format!(" file=\"{}\"", escaped(file)));
        if let Some(line) = location.edited_line() {
            text.push_str(&format!(" line=\"{line}\""));
        }
    }
    text.push_str(">\n");
}

fn element(name: &str, finding: &Finding, message: &str, body: &str, text: &mut String) {
    let kind = if finding.rule.is_empty() { "hallpass" } else { &finding.rule };
    text.push_str(&format!(
        "      <{name} type=\"{}\" message=\"{}\">{}</{name}>\n",
        escaped(kind),
        escaped(message),
        escaped_lines(body)
    ));
}

fn output(lines: impl Iterator<Item = String>, indent: &str, text: &mut String) {
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        text.push_str(&format!("{indent}<system-out>{}</system-out>\n", escaped_lines(&lines.join("\n"))));
    }
}

/// Returns a finding in lines of text: where it is, what it is, and what to do.
fn described(finding: &Finding) -> String {
    let rule = if finding.rule.is_empty() { String::new() } else { format!("[{}]", finding.rule) };
    let place = finding.location.whereabouts();
    let place = if place.is_empty() { place } else { format!("{place}: ") };
    let mut lines = vec![format!(
        "{place}{}{}: {}",
        finding.severity().name(),
        visible(&rule),
        visible(&finding.message)
    )];
    let related =
        finding.related.iter().map(|(location, message)| format!("{}: {message}", location.whereabouts()));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    lines.extend(related.chain(help).chain(finding.cover()).map(|line| format!("  {}", visible(&line))));
    if let Some((introduction, code)) = &finding.change {
        lines.push(format!("  help: {}", visible(introduction)));
        lines.extend(code.lines().map(|line| format!("    {}", visible(line))));
    }
    lines.join("\n")
}

/// Escapes an attribute.
fn escaped(text: &str) -> String {
    escaped_lines(&visible(text))
}

/// Escapes lines that contain no other control characters.
fn escaped_lines(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML cannot contain these two, not even as references.
            '\u{FFFE}' | '\u{FFFF}' => escaped.extend(c.escape_default()),
            _ => escaped.push(c),
        }
    }
    escaped
}
