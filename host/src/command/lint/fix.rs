//! `--fix` and `--fix-all`: fixes findings in files.

use hallpass_lint::{Finding, LintFix, Refusal, Source, fixed_with_lines};

use super::lines::Lines;
use crate::cli::Fixes;
use crate::output::{Problem, file};

/// The result of fixing files once.
#[derive(Default)]
pub(super) struct Round {
    pub(super) fixed: Vec<LintFix>,
    /// Files that could not be written.
    pub(super) unwritten: Vec<Problem>,
}

/// Fixes the findings that can be fixed at once, and records in the others why they cannot.
pub(super) fn fix(
    sources: &[Source<'_>],
    findings: &mut [Finding],
    which: Fixes,
    lines: &mut Lines,
) -> Round {
    let mut round = Round::default();
    for (index, source) in sources.iter().enumerate() {
        let is_fixable = |finding: &&mut Finding| {
            finding.place.source == index
                && finding.fix.is_some()
                && finding.suppressed.is_none()
                && (which == Fixes::All || !finding.may_permit_more())
        };
        let mut fixable: Vec<&mut Finding> = findings.iter_mut().filter(is_fixable).collect();
        if !fixable.is_empty() {
            fix_file((source, sources), &mut fixable, lines, &mut round);
        }
    }
    round
}

fn fix_file(
    (source, sources): (&Source<'_>, &[Source<'_>]),
    findings: &mut [&mut Finding],
    lines: &mut Lines,
    round: &mut Round,
) {
    let applied = apply(source, findings);
    if let Some((text, changed)) = applied.result {
        match write(source, &text) {
            Ok(()) => {
                let fixed = applied.indexes.iter().filter_map(|index| findings.get(*index));
                round.fixed.extend(fixed.filter_map(|finding| done(finding, sources, lines)));
                lines.change(source.file, &changed);
            }
            Err(problem) => return round.unwritten.push(*problem),
        }
    }
    for (index, refusal) in applied.refused {
        if let Some(finding) = findings.get_mut(index) {
            finding.not_fixed = Some(format!("{}; {}", refusal.reason, refusal.help));
        }
    }
}

/// The result of as many fixes of a file as possible.
#[derive(Default)]
struct Applied {
    /// The new text, and the old number of each line, if anything is fixed.
    result: Option<(String, Vec<usize>)>,
    /// The indexes of the fixed findings.
    indexes: Vec<usize>,
    /// The indexes of the findings that cannot be fixed now, with the reasons.
    refused: Vec<(usize, Refusal)>,
}

fn apply(source: &Source<'_>, findings: &[&mut Finding]) -> Applied {
    let all: Vec<&Finding> = findings.iter().map(|finding| &**finding).collect();
    if let Ok(result) = fixed_with_lines(source, &all) {
        return Applied { result: Some(result), indexes: (0..all.len()).collect(), refused: Vec::new() };
    }
    let mut applied = Applied::default();
    let mut together = Vec::new();
    for (index, finding) in all.iter().enumerate() {
        together.push(*finding);
        match fixed_with_lines(source, &together) {
            Ok(result) => {
                applied.result = Some(result);
                applied.indexes.push(index);
            }
            Err(refusal) => {
                together.pop();
                applied.refused.push((index, refusal));
            }
        }
    }
    applied
}

fn write(source: &Source<'_>, text: &str) -> Result<(), Box<Problem>> {
    file::replace_read(source.file, source.bytes, text.as_bytes(), "fixed")
}

fn done(finding: &Finding, sources: &[Source<'_>], lines: &Lines) -> Option<LintFix> {
    let file = sources.get(finding.place.source)?.file.to_owned();
    let line = lines.before(&file, finding.position(sources.get(finding.place.source)?)?.line as usize);
    Some(LintFix {
        rule: finding.rule.id,
        file,
        line: u32::try_from(line).ok()?,
        fix: finding.fix.as_ref()?.title.clone(),
        may_permit_more: finding.may_permit_more(),
    })
}

#[cfg(test)]
mod tests {
    use hallpass_lint::{Source, lint};

    use super::{Fixes, Lines, fix, write};

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
        let mut findings = lint(&sources, &Default::default());
        let round = fix(&sources, &mut findings, Fixes::All, &mut Lines::default());
        assert!(round.fixed.is_empty() && round.unwritten.len() == 1);
    }

    #[test]
    fn one_refusal_does_not_prevent_other_fixes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let lines = "  - name: one\n    image: \"registry.example/acme/\\\n      other:1\"\n";
        let text = format!("{TAGGED}{lines}");
        std::fs::write(&path, &text).unwrap();
        let sources = [source(path.to_str().unwrap(), &text)];
        let mut findings = lint(&sources, &Default::default());
        let round = fix(&sources, &mut findings, Fixes::All, &mut Lines::default());
        assert_eq!(round.fixed.iter().map(|fixed| fixed.line).collect::<Vec<_>>(), [8]);
        let refused: Vec<&str> = findings.iter().filter_map(|it| it.not_fixed.as_deref()).collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text.replace("agent:1'", "agent'"));
    }
}
