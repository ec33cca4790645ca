//! Known denials: the exceptions of a config, applied to the outcomes of a run. The decision does not know them.

use std::collections::BTreeSet;

use hallpass_policy::{Constraint, SHOWN, Verdict, WorkloadKind};
use hallpass_workload::ImageReference;
use jiff::civil::Date;

use crate::pairing::below;
use crate::report::{ContainerImage, Excepted, Outcome, Report, Violation};

/// An accepted denial: workloads, and the constraints that they may violate.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The workloads.
    pub workload: Selector,
    /// The constraints. Violations of others are not covered.
    pub constraints: Vec<Constraint>,
    /// The reason why the violations are accepted.
    pub reason: String,
    /// The last day on which the exception counts, in UTC.
    pub expires: Option<Date>,
    /// The name of the config.
    pub file: String,
    /// The line in the config.
    pub line: u32,
}

/// Selects workloads: every field that is set must be equal. Wildcards are not supported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// The kind.
    pub kind: Option<WorkloadKind>,
    /// The namespace in the manifest. A manifest without a namespace is not selected, because it could be applied to any.
    pub namespace: Option<String>,
    /// `metadata.name`, or `metadata.generateName` as written.
    pub name: Option<String>,
    /// An image without tag and digest. Then only violations in containers with this image are covered, and those of
    /// the whole Pod only if all its containers have the image.
    pub image: Option<String>,
}

/// The effect of an exception on a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Whether the exception has expired, so that it covers nothing.
    pub expired: bool,
    /// The constraints of which it covers no violation.
    pub unused: BTreeSet<Constraint>,
}

impl Report {
    /// Marks the violations that exceptions cover, and the denials whose violations are all covered; notes say which
    /// exceptions have expired. Nothing else changes: verdicts and errors stay. Returns the effect of each exception.
    ///
    /// With `strict`, a denial that lists assumptions is not excepted: without its violations, `--strict` could still
    /// deny the workload.
    pub fn except(&mut self, exceptions: &[Exception], today: Date, strict: bool) -> Vec<Coverage> {
        let unused = |exception: &Exception| Coverage {
            expired: exception.expires.is_some_and(|last| last < today),
            unused: exception.constraints.iter().copied().collect(),
        };
        let mut coverage: Vec<Coverage> = exceptions.iter().map(unused).collect();
        for outcome in self.results.iter_mut().filter(|outcome| outcome.verdict == Verdict::Denied) {
            for (exception, coverage) in exceptions.iter().zip(&mut coverage) {
                if !coverage.expired && exception.workload.selects(outcome) {
                    exception.cover(outcome, &mut coverage.unused);
                }
            }
            let expired = exceptions.iter().filter_map(|exception| exception.expiry(outcome, today));
            let expired: Vec<String> = expired.collect();
            outcome.notes.extend(expired);
            let is_doubtful = strict && !outcome.assumptions.is_empty();
            outcome.excepted = outcome.is_covered() && !is_doubtful;
            self.summary.excepted += usize::from(outcome.excepted);
        }
        coverage
    }
}

impl Outcome {
    /// Whether the workload has violations and exceptions cover all of them.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        !self.violations.is_empty() && self.violations.iter().all(|violation| violation.exception.is_some())
    }
}

impl Selector {
    /// Returns an image without tag and digest, as [`Selector::image`] needs it.
    #[must_use]
    pub fn repository(image: &str) -> &str {
        ImageReference::parse(image).path
    }

    /// Whether the workload has the kind, the namespace and the name. The image is compared per violation.
    fn selects(&self, outcome: &Outcome) -> bool {
        self.kind.is_none_or(|kind| kind.name() == outcome.kind)
            && (self.namespace.is_none() || self.namespace == outcome.namespace)
            && (self.name.is_none() || self.name == outcome.name)
    }
}

impl Exception {
    /// Marks the violations that the exception covers, unless another one already does.
    fn cover(&self, outcome: &mut Outcome, unused: &mut BTreeSet<Constraint>) {
        let Outcome { violations, containers, .. } = outcome;
        for constraint in &self.constraints {
            let found = self.reached(*constraint, violations, containers);
            if !found.is_empty() {
                unused.remove(constraint);
            }
            for index in found {
                if let Some(violation) = violations.get_mut(index) {
                    violation.exception.get_or_insert_with(|| self.mark());
                }
            }
        }
    }

    /// Returns the note that the exception has expired, if it would cover a violation that no other exception covers.
    fn expiry(&self, outcome: &Outcome, today: Date) -> Option<String> {
        let last = self.expires.filter(|last| *last < today && self.workload.selects(outcome))?;
        let Outcome { violations, containers, .. } = outcome;
        let is_open = |index: usize| violations.get(index).is_some_and(|it| it.exception.is_none());
        let mut reached = self.constraints.iter().flat_map(|it| self.reached(*it, violations, containers));
        let message =
            || format!("the exception at {}:{} has expired: its last day was {last}", self.file, self.line);
        reached.any(is_open).then(message)
    }

    /// Returns the indices of the violations of a constraint that the exception reaches.
    fn reached(
        &self,
        constraint: Constraint,
        violations: &[Violation],
        containers: &[ContainerImage],
    ) -> Vec<usize> {
        let of_constraint = violations.iter().enumerate().filter(|(_, it)| it.constraint == constraint.id());
        let found: Vec<(usize, &Violation)> = of_constraint.collect();
        // Violations that the decision does not list can be in any container.
        let all_are_listed = found.len() < SHOWN;
        let reached = found.into_iter().filter(|(_, it)| self.reaches(&it.path, containers, all_are_listed));
        reached.map(|(index, _)| index).collect()
    }

    /// Whether the exception covers violations at a pointer, as far as the image decides it.
    fn reaches(&self, path: &str, containers: &[ContainerImage], all_are_listed: bool) -> bool {
        let Some(image) = &self.workload.image else { return true };
        let has_image = |container: &ContainerImage| container.repository == *image;
        if !containers.is_empty() && containers.iter().all(has_image) {
            return true;
        }
        let holder = containers.iter().find(|container| below(path, &container.pointer).is_some());
        all_are_listed && holder.is_some_and(has_image)
    }

    fn mark(&self) -> Excepted {
        Excepted {
            file: self.file.clone(),
            reason: self.reason.clone(),
            expires: self.expires.map(|last| last.to_string()),
            line: self.line,
        }
    }
}
