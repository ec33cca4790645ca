//! Checks workloads and the synchronizers that they wait for.

use std::collections::HashSet;

use hallpass_document::{Diagnostic, Diagnostics};

use super::relative_path;
use crate::fleet::{By, Chart, ChartVersion, Existing, ExistingKind, Fleet, Origin, Plan, Workload, words};
use crate::{argo, flux};

/// Helm's limit.
const LONGEST_RELEASE: usize = 53;

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, workload) in fleet.spec.workloads.iter().enumerate() {
        match &workload.origin {
            Origin::Path(path) => relative_path(format!("/spec/workloads/{index}/path"), path, faults),
            Origin::Chart(chart) => {
                release((index, workload), chart, faults);
                floating((index, workload), chart, faults);
            }
            Origin::Existing(existing) => {
                kind((index, workload), existing, plans, faults);
                rendered(fleet, (index, workload), existing, plans, faults);
            }
        }
        let here: Vec<&Plan<'_>> =
            plans.iter().filter(|plan| plan.workloads.iter().any(|(chosen, _)| *chosen == index)).collect();
        waits(fleet, (index, workload), &here, faults);
        let plain =
            here.iter().filter(|plan| plan.deliveries.iter().any(|(_, by)| matches!(by.by, By::Plain {})));
        if let Some(clusters) = words::clusters(plain.map(|plan| plan.cluster.name.as_str())) {
            let workload = &workload.name;
            faults.warn(
                Diagnostic::new(
                    format!("/spec/workloads/{index}/clusters"),
                    format!(
                        "workload `{workload}` is not rendered for {clusters}: `plain` cannot make it wait"
                    ),
                )
                .help("apply it yourself after its allowlists are installed, or use `flux` or `argo`"),
            );
        }
    }
}

/// An object that the cluster's tool does not know cannot wait for the tool's objects.
fn kind(
    (index, workload): (usize, &Workload),
    existing: &Existing,
    plans: &[Plan<'_>],
    faults: &mut Diagnostics,
) {
    let has = |plan: &&Plan<'_>| plan.workloads.iter().any(|(chosen, _)| *chosen == index);
    let of_other =
        plans.iter().filter(has).filter(|plan| plan.by().is_some_and(|by| !existing.kind.is_of(by)));
    let Some(clusters) = words::clusters(of_other.map(|plan| plan.cluster.name.as_str())) else { return };
    let (tool, help) = match existing.kind {
        ExistingKind::Application => ("Flux", "write `kind: Kustomization` or `kind: HelmRelease`"),
        ExistingKind::Kustomization | ExistingKind::HelmRelease => ("Argo CD", "write `kind: Application`"),
    };
    faults.error(
        Diagnostic::new(
            format!("/spec/workloads/{index}/existing/kind"),
            format!(
                "workload `{}` is of kind `{}`, but {tool} delivers to {clusters}",
                workload.name,
                existing.kind.name()
            ),
        )
        .help(format!("{help}, or select only the clusters of the right tool")),
    );
}

/// An object of hallpass cannot take lines, and would wait for itself.
fn rendered(
    fleet: &Fleet,
    (index, workload): (usize, &Workload),
    existing: &Existing,
    plans: &[Plan<'_>],
    faults: &mut Diagnostics,
) {
    let Existing { kind, name, namespace } = existing;
    let renders = |plan: &&Plan<'_>| match (kind, plan.by()) {
        (ExistingKind::Kustomization, Some(By::Flux(settings))) => {
            *namespace == settings.namespace && flux::names(fleet, plan).contains(name)
        }
        (ExistingKind::HelmRelease, Some(By::Flux(settings))) => {
            *namespace == settings.namespace
                && plan.charts().any(|(chart, _)| flux::release_name(fleet, chart) == *name)
        }
        (ExistingKind::Application, Some(By::Argo(settings))) => {
            *namespace == settings.namespace && argo::name(fleet, plan.cluster) == *name
        }
        _ => false,
    };
    let here = plans.iter().filter(|plan| plan.workloads.iter().any(|(chosen, _)| *chosen == index));
    let clusters = here.filter(renders).map(|plan| plan.cluster.name.as_str());
    if let Some(clusters) = words::clusters(clusters) {
        faults.error(
            Diagnostic::new(
                format!("/spec/workloads/{index}/existing/name"),
                format!(
                    "workload `{}` names {} `{namespace}/{name}`, which hallpass renders for {clusters}",
                    workload.name,
                    kind.name()
                ),
            )
            .help("name your own object that installs the workload, or write `path` or `chart` instead of `existing`"),
        );
    }
}

fn release((index, workload): (usize, &Workload), chart: &Chart, faults: &mut Diagnostics) {
    let (field, name) = match &chart.release_name {
        Some(name) => ("chart/releaseName", name),
        None => ("name", &workload.name),
    };
    if name.len() > LONGEST_RELEASE {
        faults.error(
            Diagnostic::new(
                format!("/spec/workloads/{index}/{field}"),
                format!(
                    "the release name `{name}` has {} characters; the maximum is {LONGEST_RELEASE}",
                    name.len()
                ),
            )
            .help("set a shorter `releaseName`; by default, it is the workload's name"),
        );
    }
}

/// A new version of a chart may need an allowlist that no synchronizer installs, and nobody reviews the change.
fn floating((index, workload): (usize, &Workload), chart: &Chart, faults: &mut Diagnostics) {
    let version = &chart.version;
    if ChartVersion::of(version) != ChartVersion::Exact {
        faults.warn(
            Diagnostic::new(
                format!("/spec/workloads/{index}/chart/version"),
                format!(
                    "chart version `{version}` of workload `{}` changes without a commit, perhaps to one that no \
                     installed allowlist matches",
                    workload.name
                ),
            )
            .help("write one full version, such as `1.2.3`"),
        );
    }
}

fn waits(fleet: &Fleet, (index, workload): (usize, &Workload), here: &[&Plan<'_>], faults: &mut Diagnostics) {
    let mut seen = HashSet::new();
    for (wait, wanted) in workload.waits_for.iter().enumerate() {
        let pointer = format!("/spec/workloads/{index}/waitsFor/{wait}");
        let known = || fleet.spec.synchronizers.iter().map(|synchronizer| synchronizer.name.as_str());
        if !seen.insert(wanted) {
            faults.error(
                Diagnostic::new(pointer, format!("workload `{}` waits for `{wanted}` twice", workload.name))
                    .help("remove one of them"),
            );
            continue;
        }
        if !known().any(|name| name == wanted) {
            let fault = Diagnostic::new(
                pointer,
                format!("workload `{}` waits for unknown synchronizer `{wanted}`", workload.name),
            );
            faults.error(fault.suggest(wanted, known(), "use the name of an entry of `synchronizers`"));
            continue;
        }
        let without =
            here.iter().filter(|plan| !plan.synchronizers.iter().any(|(_, known)| known.name == *wanted));
        if let Some(clusters) = words::clusters(without.map(|plan| plan.cluster.name.as_str())) {
            faults.error(
                Diagnostic::new(
                    pointer,
                    format!(
                        "workload `{}` waits for `{wanted}`, which is not installed on {clusters}",
                        workload.name
                    ),
                )
                .help(format!("make synchronizer `{wanted}` select every cluster of the workload")),
            );
        }
    }
}
