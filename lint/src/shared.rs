//! Findings in values that are used through an anchor.

use std::collections::HashSet;

use hallpass_edit::Editor;

use crate::finding::Finding;
use crate::object::Source;

/// Keeps one of several equal findings at the place where an anchor is used, and offers no fix of a shared value: it would
/// change the other uses too.
pub(crate) fn simplify(sources: &[Source<'_>], findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        let is_first = used(sources, finding).map(|place| {
            seen.insert((finding.place.source, place, finding.rule.id, finding.message.clone()))
        });
        is_first.unwrap_or(true)
    });
    for (index, source) in sources.iter().enumerate() {
        let mut fixable =
            findings.iter_mut().filter(|it| it.place.source == index && it.fix.is_some()).peekable();
        if fixable.peek().is_none() {
            continue;
        }
        let Ok(editor) = Editor::new(source.bytes) else { continue };
        for finding in fixable {
            let document = source.documents.get(finding.place.document);
            let is_own = |pointer: &str| {
                document.is_some_and(|document| editor.require_own(document, pointer).is_ok())
            };
            finding.fix =
                finding.fix.take().filter(|fix| fix.edits.iter().all(|edit| is_own(edit.pointer())));
        }
    }
}

/// Returns the line and the column at which an anchor is used, if a finding is about a value behind it.
fn used(sources: &[Source<'_>], finding: &Finding) -> Option<(u32, u32)> {
    let document = sources.get(finding.place.source)?.documents.get(finding.place.document)?;
    document.locate(&finding.place.pointer).anchor?;
    finding.position(sources).map(|position| (position.line, position.column))
}
