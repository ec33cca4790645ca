//! Suppresses findings that a comment in the file allows.

use std::collections::HashMap;

use hallpass_document::{Position, nearest};

use crate::comments::{START, comments};
use crate::finding::{Finding, Place};
use crate::object::Source;
use crate::rule::FoundBy;
use crate::rules::{ALL, SUPPRESSION};

/// The form of a comment.
const FORM: &str = "write `# hallpass: allow RULE: REASON`";

/// An error in a comment, and a help line.
type Fault = (String, String);

/// Marks the findings of a file that comments cover, and adds those about the comments.
pub(crate) fn suppress(index: usize, source: &Source<'_>, findings: &mut Vec<Finding>) {
    let mut by_line = None;
    let mut faults = Vec::new();
    for comment in comments(source) {
        let mut report = |(message, help)| faults.push(fault(index, source, comment.position, message, help));
        let (rules, reason) = match read(comment.text) {
            Ok(read) => read,
            Err(fault) => {
                report(fault);
                continue;
            }
        };
        for rule in rules {
            if !is_known(rule) {
                report(unknown(rule));
                continue;
            }
            // Only for a file with a comment, because locating findings takes time.
            let by_line = by_line.get_or_insert_with(|| self::by_line(source, findings));
            let covered = comment.covers.and_then(|line| by_line.get(&(line, rule)));
            let Some(covered) = covered else {
                let help = "remove it, or move it to the line of the finding".to_owned();
                report((format!("the comment covers no finding of `{rule}`"), help));
                continue;
            };
            for index in covered {
                if let Some(finding) = findings.get_mut(*index) {
                    finding.suppressed = Some(reason.to_owned());
                }
            }
        }
    }
    findings.extend(faults);
}

/// The indexes of findings, by line and rule.
type ByLine = HashMap<(u32, &'static str), Vec<usize>>;

fn by_line(source: &Source<'_>, findings: &[Finding]) -> ByLine {
    let mut by_line = ByLine::new();
    for (index, finding) in findings.iter().enumerate() {
        if let Some(position) = finding.position(source) {
            by_line.entry((position.line, finding.rule.id)).or_default().push(index);
        }
    }
    by_line
}

/// Reads the rules and the reason of a comment, without `#`.
fn read(text: &str) -> Result<(Vec<&str>, &str), Fault> {
    let Some(directive) = text.strip_prefix(START).map(str::trim) else {
        let start = text.split_inclusive(':').next().unwrap_or(text);
        return Err((format!("`{start}` suppresses nothing"), format!("did you mean `{START}`?")));
    };
    let Some(rest) = directive.strip_prefix("allow").filter(|rest| rest.starts_with(char::is_whitespace))
    else {
        return Err((format!("`{directive}` does not allow anything"), FORM.to_owned()));
    };
    match rest.split_once(':').map(|(rules, reason)| (rules, reason.trim())) {
        Some((rules, reason)) if !reason.is_empty() => {
            Ok((rules.split(',').map(str::trim).collect(), reason))
        }
        _ => Err(("the comment has no reason".to_owned(), FORM.to_owned())),
    }
}

/// Whether a comment can suppress findings of the rule. Findings of other programs are in files whose comments this crate does
/// not read.
fn is_known(rule: &str) -> bool {
    suppressible().any(|known| known == rule)
}

fn suppressible() -> impl Iterator<Item = &'static str> {
    let others = |found_by| matches!(found_by, FoundBy::Program | FoundBy::Comment);
    ALL.iter().filter(move |rule| !others(rule.found_by)).map(|rule| rule.id)
}

fn unknown(rule: &str) -> Fault {
    if ALL.iter().any(|known| known.id == rule) {
        return (format!("findings of `{rule}` cannot be suppressed"), "remove the comment".to_owned());
    }
    let help = match nearest(rule, suppressible()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`hallpass explain` lists the rules".to_owned(),
    };
    (format!("no rule is named `{rule}`"), help)
}

fn fault(index: usize, source: &Source<'_>, position: Position, message: String, help: String) -> Finding {
    let before = source.documents.partition_point(|document| document.line() <= position.line);
    let document = before.saturating_sub(1);
    let place = Place { source: index, document, pointer: String::new(), in_key: false };
    let mut finding = Finding::new(&SUPPRESSION, place, message);
    finding.at = Some(position);
    finding.help = Some(help);
    finding
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_comment_has_rules_and_a_reason() {
        assert_eq!(
            read("hallpass: allow any-image, any-path: see http://a"),
            Ok((vec!["any-image", "any-path"], "see http://a"))
        );
        for text in [
            "hallpass: allow any-image",
            "hallpass: allow any-image:",
            "hallpass: allow any-image: ",
            "Hallpass: allow any-image: x",
            "hallpas: allow any-image: x",
            "hallpass: ignore any-image: x",
            "hallpass: allowed any-image: x",
            "hallpass: allow",
            "hallpass:",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
