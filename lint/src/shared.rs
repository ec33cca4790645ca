//! Findings in values that are used through an anchor.

use std::collections::HashSet;

use hallpass_edit::Editor;

use crate::finding::Finding;
use crate::object::Source;

/// Keeps one of several equal findings where an anchor is used, and drops fixes of shared values, which would also change the
/// other uses.
pub(crate) fn simplify(source: &Source<'_>, findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        let is_first =
            used(source, finding).map(|place| seen.insert((place, finding.rule.id, finding.message.clone())));
        is_first.unwrap_or(true)
    });
    let mut fixable = findings.iter_mut().filter(|finding| finding.fix.is_some()).peekable();
    if fixable.peek().is_none() {
        return;
    }
    let Ok(editor) = Editor::new(source.bytes) else { return };
    for finding in fixable {
        let document = source.documents.get(finding.place.document);
        let is_own =
            |pointer: &str| document.is_some_and(|document| editor.require_own(document, pointer).is_ok());
        finding.fix = finding.fix.take().filter(|fix| fix.edits.iter().all(|edit| is_own(edit.pointer())));
    }
}

/// Returns the line and the column at which an anchor is used, if a finding is about a value behind it.
fn used(source: &Source<'_>, finding: &Finding) -> Option<(u32, u32)> {
    let document = source.documents.get(finding.place.document)?;
    document.locate(&finding.place.pointer).anchor?;
    finding.position(source).map(|position| (position.line, position.column))
}
