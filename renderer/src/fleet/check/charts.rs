//! Checks for partners' charts that create a synchronizer for paths of the fleet.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Diagnostics, listed};
use serde_json::Value;

use crate::fleet::paths::overlap;
use crate::fleet::{By, Chart, Fleet, Origin, Plan, Workload, words};
use crate::flux;
use crate::partners::{PartnerChart, Partners};

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, workload) in fleet.spec.workloads.iter().enumerate() {
        let Origin::Chart(chart) = &workload.origin else { continue };
        let values = chart.values.as_ref().unwrap_or(&Value::Null);
        let charts = Partners::known().partners.iter().flat_map(|partner| &partner.charts);
        for known in charts.filter(|known| known.name == chart.name && known.creates(values)) {
            owners((index, workload), chart, known, plans, faults);
        }
    }
}

/// The tool that installs a chart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tool {
    Flux,
    ArgoCd,
}

fn owners(
    (index, workload): (usize, &Workload),
    chart: &Chart,
    known: &PartnerChart,
    plans: &[Plan<'_>],
    faults: &mut Diagnostics,
) {
    let mut found: BTreeMap<(Tool, &str, &str), Vec<&str>> = BTreeMap::new();
    for plan in plans.iter().filter(|plan| plan.workloads.iter().any(|(chosen, _)| *chosen == index)) {
        let tool = match plan.by() {
            Some(By::Flux(settings)) if known.off.is_in(&flux::release_fields(settings, workload)) => {
                continue;
            }
            Some(By::Flux(_)) => Tool::Flux,
            Some(By::Argo(_)) => Tool::ArgoCd,
            Some(By::Plain {}) | None => continue,
        };
        for (synchronizer, path) in shared(plan, known) {
            found.entry((tool, synchronizer, path)).or_default().push(&plan.cluster.name);
        }
    }
    for ((tool, synchronizer, path), clusters) in found {
        let Some(clusters) = words::clusters(clusters) else { continue };
        faults.warn(
            Diagnostic::new(
                format!("/spec/workloads/{index}/chart/name"),
                format!(
                    "chart `{}` of workload `{}` creates synchronizer `{}`, which may own `{path}` of synchronizer \
                     `{synchronizer}` as well on {clusters}",
                    chart.name, workload.name, known.synchronizer
                ),
            )
            .help(help(known, tool, synchronizer, path)),
        );
    }
}

/// Returns the fleet's synchronizers on a cluster, with their paths, that the chart's synchronizer may own as well.
fn shared<'f>(plan: &Plan<'f>, known: &PartnerChart) -> Vec<(&'f str, &'f str)> {
    let from_google = plan.synchronizers.iter().filter(|(_, item)| item.bucket_name.is_none());
    from_google
        .flat_map(|(_, item)| item.allowlist_paths.iter().map(|path| (item.name.as_str(), path.as_str())))
        .filter(|(_, path)| known.paths.iter().any(|theirs| overlap(path, theirs).is_some()))
        .collect()
}

fn help(known: &PartnerChart, tool: Tool, synchronizer: &str, path: &str) -> String {
    let quoted = |lines: Vec<String>| listed(lines.into_iter().map(|line| format!("`{line}`")), "and");
    let (values, release) = (known.off.value_lines(), known.off.release_lines());
    if !values.is_empty() {
        return format!("set {} in the chart's `values`", quoted(values));
    }
    match tool {
        _ if release.is_empty() => {
            format!("remove `{path}` from `{synchronizer}`: nothing turns off the one of the chart")
        }
        Tool::Flux => format!("set {} in the workload's `flux.helmRelease`", quoted(release)),
        Tool::ArgoCd => format!(
            "remove `{path}` from `{synchronizer}`, or build the chart without its hooks: see \"Charts with a \
             synchronizer\" in docs/gitops.md"
        ),
    }
}
