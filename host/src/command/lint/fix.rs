//! `--fix`: changes files so that findings in them are fixed.

use std::path::Path;

use hallpass_document::Diagnostic;
use hallpass_lint::{Finding, Refusal, Source, fixed};
use hallpass_report::{LineIndex, problem};

use crate::output::{Problem, file};

/// A finding that is fixed.
pub(crate) struct Fixed {
    pub(crate) file: String,
    pub(crate) line: u32,
    /// What was done: "remove the tag".
    pub(crate) title: String,
}

/// What a round of fixes has done.
#[derive(Default)]
pub(super) struct Fixes {
    pub(super) fixed: Vec<Fixed>,
    /// Why other findings are not fixed.
    pub(super) refused: Vec<Problem>,
}

/// Fixes what can be fixed at once.
pub(super) fn fix(sources: &[Source<'_>], findings: &[Finding]) -> Fixes {
    let mut fixes = Fixes::default();
    for (index, source) in sources.iter().enumerate() {
        let is_fixable = |finding: &&Finding| {
            finding.place.source == index && finding.fix.is_some() && finding.suppressed.is_none()
        };
        let fixable: Vec<&Finding> = findings.iter().filter(is_fixable).collect();
        if !fixable.is_empty() {
            fix_file(source, sources, &fixable, &mut fixes);
        }
    }
    fixes
}

fn fix_file(source: &Source<'_>, sources: &[Source<'_>], findings: &[&Finding], fixes: &mut Fixes) {
    let (text, applied, refused) = apply(source, findings);
    if let Some(text) = text {
        match write(source, &text) {
            Ok(()) => fixes.fixed.extend(applied.into_iter().filter_map(|finding| done(finding, sources))),
            Err(problem) => return fixes.refused.push(*problem),
        }
    }
    let lines = LineIndex::new(source.bytes);
    fixes.refused.extend(refused.iter().filter_map(|(finding, refusal)| {
        let document = source.documents.get(finding.place.document)?;
        let message = format!("`--fix` cannot {}: {}", title(finding), refusal.reason);
        let mut fault = Diagnostic::new(finding.place.pointer.clone(), message).help(&*refusal.help);
        fault.in_key = finding.place.in_key;
        Some(problem(source.file, &fault, document, &lines))
    }));
}

/// Returns the text with as many fixes as possible, these fixes, and those that are refused.
fn apply<'f>(
    source: &Source<'_>,
    findings: &[&'f Finding],
) -> (Option<String>, Vec<&'f Finding>, Vec<(&'f Finding, Refusal)>) {
    if let Ok(text) = fixed(source, findings) {
        return (Some(text), findings.to_vec(), Vec::new());
    }
    let (mut text, mut applied, mut refused) = (None, Vec::new(), Vec::new());
    for finding in findings {
        applied.push(*finding);
        match fixed(source, &applied) {
            Ok(with) => text = Some(with),
            Err(refusal) => {
                applied.pop();
                refused.push((*finding, refusal));
            }
        }
    }
    (text, applied, refused)
}

fn write(source: &Source<'_>, text: &str) -> Result<(), Box<Problem>> {
    let path = Path::new(source.file);
    // An editor may have written the file since it was read.
    if !std::fs::read(path).is_ok_and(|bytes| bytes == source.bytes) {
        let problem = Problem::new(source.file, "the file has changed since it was read, so it is not fixed");
        return Err(Box::new(problem.help("run this again")));
    }
    file::replace(path, text.as_bytes())
}

fn done(finding: &Finding, sources: &[Source<'_>]) -> Option<Fixed> {
    let file = sources.get(finding.place.source)?.file.to_owned();
    let line = finding.position(sources)?.line;
    Some(Fixed { file, line, title: title(finding).to_owned() })
}

fn title(finding: &Finding) -> &str {
    finding.fix.as_ref().map_or("", |fix| fix.title.as_str())
}

#[cfg(test)]
mod tests {
    use hallpass_lint::{Source, lint};

    use super::{fix, write};

    const TAGGED: &str = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: acme-agent-v1}\n\
                          exemptions: [autogke-disallow-hostnamespaces]\nmatchingCriteria:\n  hostPID: true\n  \
                          containers:\n  - {name: agent, image: 'registry.example/acme/agent:1'}\n";

    fn source<'s>(file: &'s str, text: &'s str) -> Source<'s> {
        let documents = hallpass_reader::read(text.as_bytes()).map(Result::unwrap).collect();
        Source { file, bytes: text.as_bytes(), documents }
    }

    #[test]
    fn a_file_that_has_changed_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "an editor was here").unwrap();
        let name = path.to_str().unwrap();
        let problem = write(&source(name, TAGGED), "fixed").unwrap_err();
        assert_eq!(problem.message, "the file has changed since it was read, so it is not fixed");
        assert_eq!(std::fs::read(&path).unwrap(), b"an editor was here");

        let sources = [source(name, TAGGED)];
        let fixes = fix(&sources, &lint(&sources, &Default::default()));
        assert!(fixes.fixed.is_empty() && fixes.refused.len() == 1);
    }

    #[test]
    fn one_refusal_does_not_prevent_other_fixes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let shared = "  - {name: one, image: &image 'registry.example/acme/shared:1'}\n  - {name: two, image: *image}\n";
        let text = format!("{TAGGED}{shared}");
        std::fs::write(&path, &text).unwrap();
        let sources = [source(path.to_str().unwrap(), &text)];
        let fixes = fix(&sources, &lint(&sources, &Default::default()));
        assert_eq!(fixes.fixed.len(), 1);
        assert_eq!(fixes.fixed[0].line, 8);
        assert!(!fixes.refused.is_empty());
        assert!(fixes.refused[0].message.starts_with("`--fix` cannot remove the tag: "));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text.replace("agent:1'", "agent'"));
    }
}
