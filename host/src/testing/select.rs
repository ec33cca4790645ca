//! The workloads of a test, among those of a file.

use hallpass_document::{listed, nearest};

use super::file::{Test, TestFile, Workload};
use crate::output::outcome::named;
use crate::output::{Outcome, Problem};

/// The maximum number of workloads that a message lists.
const LISTED: usize = 5;

/// Returns the selected workloads.
///
/// # Errors
/// No workload is selected.
pub(super) fn select<'o>(
    file: &TestFile<'_>,
    test: &Test,
    pointer: &str,
    outcomes: &'o [Outcome],
) -> Result<Vec<&'o Outcome>, Box<Problem>> {
    let workload = &test.workload;
    let selected: Vec<&Outcome> = outcomes.iter().filter(|outcome| workload.selects(outcome)).collect();
    if !selected.is_empty() {
        return Ok(selected);
    }
    let pointer = format!("{pointer}/workload");
    if outcomes.is_empty() {
        let place = ["file", "chart", "inline"].map(|field| format!("{pointer}/{field}"));
        let place = place.iter().find(|place| file.parsed.document.locate(place).exact).unwrap_or(&pointer);
        let help = "pass a manifest of a workload such as a Pod or a DaemonSet";
        return Err(Box::new(file.problem(place, "no workload was found", help)));
    }
    let (field, message) = workload.unmet(outcomes);
    Err(Box::new(file.problem(&format!("{pointer}/{field}"), message, &help(workload, field, outcomes))))
}

impl Workload {
    fn fields(&self) -> [(&'static str, Option<&str>); 3] {
        [
            ("kind", self.kind.as_deref()),
            ("namespace", self.namespace.as_deref()),
            ("name", self.name.as_deref()),
        ]
    }

    fn selects(&self, outcome: &Outcome) -> bool {
        self.fields()
            .iter()
            .all(|(field, wanted)| wanted.is_none_or(|wanted| of(outcome, field) == Some(wanted)))
    }

    /// Returns the field that selects nothing, even alone, or else the last one.
    fn unmet(&self, outcomes: &[Outcome]) -> (&'static str, String) {
        let set = || self.fields().into_iter().filter_map(|(field, wanted)| Some((field, wanted?)));
        let is_met = |field, wanted| outcomes.iter().any(|outcome| of(outcome, field) == Some(wanted));
        if let Some((field, wanted)) = set().find(|(field, wanted)| !is_met(*field, wanted)) {
            return (field, format!("no workload has {field} `{wanted}`"));
        }
        let shown = listed(set().map(|(field, wanted)| format!("{field} `{wanted}`")), "and");
        (set().next_back().map_or("name", |(field, _)| field), format!("no workload has {shown}"))
    }
}

fn of<'o>(outcome: &'o Outcome, field: &str) -> Option<&'o str> {
    match field {
        "kind" => Some(outcome.kind),
        "namespace" => outcome.namespace.as_deref(),
        _ => outcome.name.as_deref(),
    }
}

fn help(workload: &Workload, field: &str, outcomes: &[Outcome]) -> String {
    let wanted =
        workload.fields().into_iter().find(|(known, _)| *known == field).and_then(|(_, wanted)| wanted);
    let known = outcomes.iter().filter_map(|outcome| of(outcome, field));
    if let Some(meant) = wanted.and_then(|wanted| nearest(wanted, known)) {
        return format!("did you mean `{meant}`?");
    }
    let names: Vec<String> = outcomes.iter().take(LISTED).map(named).collect();
    let more = if outcomes.len() > LISTED { ", ..." } else { "" };
    format!("the workloads are {}{more}", names.join(", "))
}
