//! Checks fields for Flux, in deliveries and workloads.

use hallpass_document::{Diagnostic, Diagnostics};

use crate::fleet::{By, Chart, Fleet, Merge, Origin, Plan, Workload, words};
use crate::flux::Merged;

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, delivery) in fleet.spec.delivery.iter().enumerate() {
        if let By::Flux(flux) = &delivery.by {
            merged(&format!("/spec/delivery/{index}/flux"), &flux.merge, faults);
        }
    }
    for (index, workload) in fleet.spec.workloads.iter().enumerate() {
        let at = format!("/spec/workloads/{index}");
        merged(&format!("{at}/flux"), &workload.flux, faults);
        match &workload.origin {
            Origin::Chart(chart) => values_from(&at, (index, workload), chart, plans, faults),
            Origin::Path(_) => {
                let of_chart = [Merged::HelmRelease, Merged::Source];
                unused(&at, workload, &of_chart, "write it into the manifests of the workload", faults);
            }
            Origin::Existing(_) => {
                let all = [Merged::Kustomization, Merged::HelmRelease, Merged::Source];
                unused(&at, workload, &all, "write it into the existing object", faults);
            }
        }
    }
}

fn merged(at: &str, merge: &Merge, faults: &mut Diagnostics) {
    for (merged, fields) in merge.fields() {
        merged.check(&format!("{at}/{}", merged.field()), fields, faults);
    }
}

/// Without its values, a chart would be installed with its defaults.
fn values_from(
    at: &str,
    (index, workload): (usize, &Workload),
    chart: &Chart,
    plans: &[Plan<'_>],
    faults: &mut Diagnostics,
) {
    if chart.values_from.is_empty() {
        return;
    }
    let by_argo = plans
        .iter()
        .filter(|plan| plan.in_waves() && plan.workloads.iter().any(|(chosen, _)| *chosen == index));
    if let Some(clusters) = words::clusters(by_argo.map(|plan| plan.cluster.name.as_str())) {
        faults.error(
            Diagnostic::new(
                format!("{at}/chart/valuesFrom"),
                format!("workload `{}` has `valuesFrom`, but Argo CD delivers to {clusters}", workload.name),
            )
            .help(
                "only Flux reads values from Secrets and ConfigMaps: name an existing Secret in `values` if the chart \
                 can use one, or select only clusters with `flux`",
            ),
        );
    }
}

/// hallpass does not render these objects for the workload.
fn unused(at: &str, workload: &Workload, kinds: &[Merged], instead: &str, faults: &mut Diagnostics) {
    for (merged, _) in workload.flux.fields().filter(|(merged, _)| kinds.contains(merged)) {
        let field = merged.field();
        faults.error(
            Diagnostic::new(
                format!("{at}/flux/{field}"),
                format!(
                    "workload `{}` has `{field}`, but hallpass renders no such object for it",
                    workload.name
                ),
            )
            .in_key()
            .help(format!("remove it, or {instead}")),
        );
    }
}
