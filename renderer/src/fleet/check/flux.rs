//! Checks fields for Flux, in deliveries and workloads.

use hallpass_document::{Diagnostic, Diagnostics};
use serde_json::Value;

use crate::fleet::{By, Chart, Existing, ExistingKind, Fleet, Flux, Merge, Origin, Plan, Workload, words};
use crate::flux::{Merged, Place, names};

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, delivery) in fleet.spec.delivery.iter().enumerate() {
        if let By::Flux(flux) = &delivery.by {
            let at = format!("/spec/delivery/{index}/flux");
            merged(Place::Delivery, &at, &flux.merge, faults);
            let here = plans.iter().filter(|plan| plan.deliveries.iter().any(|(chosen, _)| *chosen == index));
            waits(fleet, &at, flux, &here.collect::<Vec<_>>(), faults);
        }
    }
    for (index, workload) in fleet.spec.workloads.iter().enumerate() {
        let at = format!("/spec/workloads/{index}");
        let place = if matches!(workload.origin, Origin::Chart(_)) { Place::Chart } else { Place::Workload };
        merged(place, &format!("{at}/flux"), &workload.flux, faults);
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

fn merged(place: Place, at: &str, merge: &Merge, faults: &mut Diagnostics) {
    for (merged, fields) in merge.fields() {
        merged.check(place, &format!("{at}/{}", merged.field()), fields, faults);
    }
}

/// All Kustomizations of a cluster get the `dependsOn` of its delivery. If it names one of them, or one that waits for
/// them, they wait for each other without an end.
fn waits(fleet: &Fleet, at: &str, flux: &Flux, here: &[&Plan<'_>], faults: &mut Diagnostics) {
    let after = flux.merge.kustomization.as_ref().and_then(|fields| fields.pointer("/spec/dependsOn"));
    for (entry, wanted) in after.and_then(Value::as_array).into_iter().flatten().enumerate() {
        let Some(name) = wanted.get("name").and_then(Value::as_str) else { continue };
        let namespace = wanted.get("namespace").and_then(Value::as_str).unwrap_or(&flux.namespace);
        let is_wanted = |existing: &Existing| {
            existing.kind == ExistingKind::Kustomization
                && existing.name == name
                && existing.namespace == namespace
        };
        let in_cycle = |plan: &&&Plan<'_>| {
            (namespace == flux.namespace && names(fleet, plan).iter().any(|known| known == name))
                || plan.existing().any(|(_, existing)| is_wanted(existing))
        };
        let clusters = here.iter().filter(in_cycle).map(|plan| plan.cluster.name.as_str());
        if let Some(clusters) = words::clusters(clusters) {
            faults.error(
                Diagnostic::new(
                    format!("{at}/kustomization/spec/dependsOn/{entry}"),
                    format!(
                        "all Kustomizations of this delivery would wait for `{name}`, which is or waits for one of \
                         them on {clusters}"
                    ),
                )
                .help("remove it: hallpass sets the order of policies, synchronizers and workloads itself"),
            );
        }
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
