//! The result of `hallpass diff --workloads`, independent of the format: the verdicts that differ between two versions of
//! workloads. The JSON form is a contract: `schemas/verdict-diff.schema.json`.

mod counterpart;
mod pairs;
mod reasons;
#[cfg(test)]
mod tests;

use hallpass_policy::Verdict;
use serde::{Serialize, Serializer};

use crate::exit::Exit;
use crate::output::outcome::named;
use crate::output::{Outcome, Problem, Report};
use crate::text::counted;
pub(crate) use counterpart::{Text, Texts};
use pairs::pairs;
pub(crate) use reasons::Reason;

/// The differences between the verdicts on two sides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VerdictDiff {
    schema_version: u32,
    /// Failures come first.
    pub(crate) workloads: Vec<Change>,
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) notes: Vec<Problem>,
    pub(crate) summary: Summary,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// Workloads, of which each counts once with both versions.
    pub(crate) workloads: usize,
    /// Workloads that are denied now, and were not denied before.
    pub(crate) failed: usize,
    /// Other workloads whose verdict or allowlist has changed, or that only one side has.
    pub(crate) changed: usize,
    /// Workloads with the same verdict, by the same allowlist.
    pub(crate) unchanged: usize,
    /// The part of `unchanged` that both sides deny.
    pub(crate) still_denied: usize,
    /// Constraints that depend on the cluster.
    pub(crate) not_evaluated: Vec<String>,
}

/// A workload with another verdict.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    pub(crate) kind: &'static str,
    pub(crate) namespace: Option<String>,
    pub(crate) name: Option<String>,
    /// The file with values that a chart was rendered with, if it was rendered with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variant: Option<String>,
    pub(crate) change: Kind,
    /// Whether the run fails because of it.
    pub(crate) fails: bool,
    pub(crate) old: Option<Version>,
    pub(crate) new: Option<Version>,
    /// The reasons of the worse verdict. Locations are on its side.
    pub(crate) reasons: Vec<Reason>,
    /// The number of mismatches that are not listed.
    pub(crate) unlisted: usize,
    #[serde(skip)]
    title: String,
}

/// The kind of a difference between verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Kind {
    /// Only the new side has the workload.
    New,
    /// Only the old side has the workload.
    Removed,
    /// Denied now, but not before.
    Denied,
    /// Denied before, but not now.
    Allowed,
    /// Exempted now, but admitted before: the new version violates a constraint.
    Privileged,
    /// Admitted now, but exempted before.
    Unprivileged,
    /// Exempted by another allowlist than before.
    Allowlist,
}

/// One version of a workload.
#[derive(Debug, Serialize)]
pub(crate) struct Version {
    #[serde(serialize_with = "name_of")]
    pub(crate) verdict: Verdict,
    /// If exempted: the allowlist that matches.
    pub(crate) allowlist: Option<String>,
    pub(crate) file: String,
    /// The template that Helm rendered to the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<String>,
    pub(crate) line: u32,
}

fn name_of<S: Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verdict.name())
}

impl VerdictDiff {
    /// Compares the verdicts of two reports without errors. The texts are those that contain their workloads.
    pub(crate) fn new<'t>([old, new]: [&Report; 2], [old_texts, new_texts]: [&Texts<'t>; 2]) -> Self {
        let mut report = VerdictDiff::invalid(Vec::new());
        report.summary.not_evaluated.clone_from(&new.summary.not_evaluated);
        for (before, after) in pairs(&old.results, &new.results) {
            report.summary.workloads += 1;
            let Some(kind) = Kind::of(before, after) else {
                report.summary.unchanged += 1;
                let is_denied = after.is_some_and(|after| after.verdict == Verdict::Denied);
                report.summary.still_denied += usize::from(is_denied);
                continue;
            };
            let before = before.map(|outcome| (outcome, old_texts));
            let after = after.map(|outcome| (outcome, new_texts));
            let fails = kind.can_fail() && after.is_some_and(|(it, _)| it.verdict == Verdict::Denied);
            report.summary.failed += usize::from(fails);
            report.summary.changed += usize::from(!fails);
            let (worse, better) = if kind.is_relief() { (before, after) } else { (after, before) };
            let Some((outcome, _)) = worse else { continue };
            let reasons = if kind.has_reasons() { reasons::of(worse, better) } else { Vec::new() };
            report.workloads.push(Change {
                kind: outcome.kind,
                namespace: outcome.namespace.clone(),
                name: outcome.name.clone(),
                variant: outcome.variant.clone(),
                change: kind,
                fails,
                old: before.map(|(outcome, _)| Version::of(outcome)),
                new: after.map(|(outcome, _)| Version::of(outcome)),
                unlisted: reasons::unlisted(outcome, &reasons),
                reasons,
                title: named(outcome),
            });
        }
        report.workloads.sort_by_key(|change| !change.fails);
        report
    }

    /// The report of a run that could not compare.
    pub(crate) fn invalid(errors: Vec<Problem>) -> Self {
        VerdictDiff {
            schema_version: 1,
            workloads: Vec::new(),
            errors,
            warnings: Vec::new(),
            notes: Vec::new(),
            summary: Summary::default(),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        Exit::of(&self.errors, self.summary.failed > 0)
    }

    /// `3 workloads compared: 1 denied now, 1 other change, 1 unchanged (1 denied)`
    pub(crate) fn summary_line(&self) -> String {
        let Summary { workloads, failed, changed, unchanged, still_denied, .. } = self.summary;
        let compared = format!("{} compared", counted(workloads, "workload"));
        let denied = if still_denied > 0 { format!(" ({still_denied} denied)") } else { String::new() };
        match (failed, changed) {
            (0, 0) => format!("{compared}: no verdict changes{denied}"),
            _ => format!(
                "{compared}: {failed} denied now, {}, {unchanged} unchanged{denied}",
                counted(changed, "other change")
            ),
        }
    }
}

impl Kind {
    /// `None` if the verdicts are the same.
    fn of(old: Option<&Outcome>, new: Option<&Outcome>) -> Option<Self> {
        let (Some(old), Some(new)) = (old, new) else {
            return Some(if old.is_none() { Kind::New } else { Kind::Removed });
        };
        match (old.verdict, new.verdict) {
            (Verdict::Denied, Verdict::Denied) | (Verdict::Admitted, Verdict::Admitted) => None,
            (_, Verdict::Denied) => Some(Kind::Denied),
            (Verdict::Denied, _) => Some(Kind::Allowed),
            (Verdict::Admitted, Verdict::Exempted) => Some(Kind::Privileged),
            (Verdict::Exempted, Verdict::Admitted) => Some(Kind::Unprivileged),
            (Verdict::Exempted, Verdict::Exempted) => {
                (old.allowlist != new.allowlist).then_some(Kind::Allowlist)
            }
        }
    }

    fn can_fail(self) -> bool {
        matches!(self, Kind::New | Kind::Denied)
    }

    /// Whether the old verdict is the worse one.
    fn is_relief(self) -> bool {
        matches!(self, Kind::Removed | Kind::Allowed | Kind::Unprivileged)
    }

    /// Whether reasons are listed. Those of a removed workload do not matter, and two matching allowlists have no mismatch.
    fn has_reasons(self) -> bool {
        !matches!(self, Kind::Removed | Kind::Allowlist)
    }
}

impl Change {
    /// `DaemonSet acme/acme-agent`
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Returns the verdict on the new version, or on the old one if it is gone.
    pub(crate) fn version(&self) -> Option<&Version> {
        self.new.as_ref().or(self.old.as_ref())
    }

    /// Whether the reasons are those of the old version.
    pub(crate) fn is_relief(&self) -> bool {
        self.change.is_relief()
    }

    /// ``denied, was exempted by `acme-agent-v1.0.0` ``
    pub(crate) fn words(&self) -> String {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => format!("{}, was {}", new.words(), old.words()),
            (None, Some(new)) => format!("new, {}", new.words()),
            (Some(old), None) => format!("removed, was {}", old.words()),
            (None, None) => String::new(),
        }
    }
}

impl Version {
    fn of(outcome: &Outcome) -> Self {
        Version {
            verdict: outcome.verdict,
            allowlist: outcome.allowlist.clone(),
            file: outcome.file.clone(),
            template: outcome.template.clone(),
            line: outcome.line,
        }
    }

    /// ``exempted by `acme-agent-v1.0.0` ``
    pub(crate) fn words(&self) -> String {
        let by = self.allowlist.as_ref().map(|name| format!(" by `{name}`")).unwrap_or_default();
        format!("{}{by}", self.verdict.name())
    }
}
