//! Suppresses findings that a comment in the file allows.

use std::collections::BTreeMap;

use hallpass_document::{Position, nearest};

use crate::comments::{Comment, comments};
use crate::finding::{Finding, Place};
use crate::object::Source;
use crate::rule::FoundBy;
use crate::rules::{ALL, SUPPRESSION};

/// How a comment is written.
const FORM: &str = "write `# hallpass: allow RULE: REASON`";

/// A comment that names the findings that it covers.
struct Allowed<'s> {
    comment: Comment<'s>,
    rules: Vec<&'s str>,
    reason: &'s str,
}

/// What is wrong with a comment, and what to do.
type Fault = (String, String);

/// Marks the findings that comments cover, and adds those about the comments.
pub(crate) fn suppress(sources: &[Source<'_>], findings: &mut Vec<Finding>) {
    let mut faults = Vec::new();
    let mut allowed: BTreeMap<usize, Vec<Allowed<'_>>> = BTreeMap::new();
    for (index, source) in sources.iter().enumerate() {
        for comment in comments(source) {
            let mut report =
                |(message, help)| faults.push(fault(index, source, comment.position, message, help));
            match read(comment.text) {
                Ok((rules, reason)) => {
                    let (known, others): (Vec<&str>, Vec<&str>) =
                        rules.into_iter().partition(|rule| is_known(rule));
                    others.into_iter().for_each(|rule| report(unknown(rule)));
                    allowed.entry(index).or_default().push(Allowed { comment, rules: known, reason });
                }
                Err(fault) => report(fault),
            }
        }
    }
    for (index, comments) in allowed {
        let source = sources.get(index);
        for Allowed { comment, rules, reason } in comments {
            for rule in rules {
                let mut is_used = false;
                let of_rule =
                    |finding: &&mut Finding| finding.place.source == index && finding.rule.id == rule;
                for finding in findings.iter_mut().filter(of_rule) {
                    let line = finding.position(sources).map(|position| position.line);
                    if line.is_some() && line == comment.covers {
                        finding.suppressed = Some(reason.to_owned());
                        is_used = true;
                    }
                }
                if let Some(source) = source.filter(|_| !is_used) {
                    let message = format!("the comment covers no finding of `{rule}`");
                    let help = "remove it, or move it to the line of the finding".to_owned();
                    faults.push(fault(index, source, comment.position, message, help));
                }
            }
        }
    }
    findings.extend(faults);
}

/// Reads the rules and the reason of a comment, without `#`.
fn read(text: &str) -> Result<(Vec<&str>, &str), Fault> {
    let directive = text.strip_prefix("hallpass:").unwrap_or(text).trim();
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

/// Whether a comment can suppress findings of the rule. Those of other programs are about files that have no comments
/// for this crate.
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
    let before = source.documents.iter().take_while(|document| document.line() <= position.line).count();
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
            "hallpass: ignore any-image: x",
            "hallpass: allowed any-image: x",
            "hallpass: allow",
            "hallpass:",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
