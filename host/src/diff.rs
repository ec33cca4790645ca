//! The result of `hallpass render --diff`, independent of the format. The JSON form is a contract:
//! `schemas/render-diff.schema.json`.

use hallpass_renderer::comparison::{Change, Comparison, Group, Presence, Subject};
use serde::Serialize;

use crate::exit::Exit;
use crate::output::Problem;
use crate::text::counted;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiffReport {
    schema_version: u32,
    #[serde(flatten)]
    pub(crate) comparison: Comparison,
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

impl DiffReport {
    pub(crate) fn new(comparison: Comparison, warnings: Vec<Problem>) -> Self {
        DiffReport { schema_version: 1, comparison, errors: Vec::new(), warnings }
    }

    /// The report of a run that could not compare the fleets.
    pub(crate) fn invalid(errors: Vec<Problem>) -> Self {
        let comparison = Comparison { groups: Vec::new(), clusters: 0 };
        DiffReport { errors, ..DiffReport::new(comparison, Vec::new()) }
    }

    /// A difference is not an error: the command only describes it.
    pub(crate) fn exit(&self) -> Exit {
        if self.errors.is_empty() { Exit::Success } else { Exit::Input }
    }

    /// `2 of 3 clusters change`
    pub(crate) fn summary(&self) -> String {
        let Comparison { groups, clusters } = &self.comparison;
        match groups.iter().map(|group| group.clusters.len()).sum() {
            0 => "no cluster changes".to_owned(),
            1 => format!("1 of {} changes", counted(*clusters, "cluster")),
            changed => format!("{changed} of {} change", counted(*clusters, "cluster")),
        }
    }
}

/// Returns the words before the names of a group, such as `new clusters`.
pub(crate) fn heading(group: &Group) -> &'static str {
    match (group.presence, group.clusters.len()) {
        (Presence::Added, 1) => "new cluster",
        (Presence::Added, _) => "new clusters",
        (Presence::Removed, 1) => "removed cluster",
        (Presence::Removed, _) => "removed clusters",
        (Presence::Both, 1) => "cluster",
        (Presence::Both, _) => "clusters",
    }
}

/// Whether something is added, removed or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Added,
    Removed,
    Changed,
}

/// Describes a change in words. `code` marks names and values.
pub(crate) fn words(change: &Change, code: impl Fn(&str) -> String) -> (Kind, String) {
    let subject = match change.subject {
        Subject::AllowlistPath => "allowlist path",
        Subject::Synchronizer => "synchronizer",
        Subject::Workload => "workload",
        Subject::Policy => "policy",
        Subject::Kubewarden => "Kubewarden",
        Subject::Cel => "policies for workloads",
        Subject::Controller => "controller",
        Subject::Delivery => "delivery",
        Subject::Cluster => "cluster",
    };
    let subject = match &change.name {
        Some(name) => format!("{subject} {}", code(name)),
        None => subject.to_owned(),
    };
    let value = |text: &str| code(&cut(text));
    let details = |text: &str| match change.subject {
        Subject::AllowlistPath => format!(", by synchronizer {}", code(text)),
        _ => format!(": {}", value(text)),
    };
    match (&change.field, &change.old, &change.new) {
        (None, None, Some(new)) => (Kind::Added, format!("{subject}{}", details(new))),
        (None, Some(old), None) => (Kind::Removed, format!("{subject}{}", details(old))),
        (None, Some(old), Some(new)) => {
            (Kind::Changed, format!("{subject}, by synchronizer {} instead of {}", code(new), code(old)))
        }
        (Some(field), None, Some(new)) => {
            (Kind::Changed, format!("{subject}: {} gains {}", code(field), value(new)))
        }
        (Some(field), Some(old), None) => {
            (Kind::Changed, format!("{subject}: {} loses {}", code(field), value(old)))
        }
        (Some(field), Some(old), Some(new)) => {
            (Kind::Changed, format!("{subject}: {} from {} to {}", code(field), value(old), value(new)))
        }
        (_, None, None) => (Kind::Changed, subject),
    }
}

/// Shortens values that are too long to review in one line, such as whole files in the values of a chart.
fn cut(text: &str) -> String {
    const SHOWN: usize = 200;
    match text.char_indices().nth(SHOWN).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start}..."),
        None => text.to_owned(),
    }
}
