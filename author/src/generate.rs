//! Generates the allowlist that admits workloads, and as little else as an allowlist can express.

mod containers;
mod pattern;
mod pod;
mod remarks;
mod volumes;

use std::collections::BTreeSet;

use hallpass_document::Value;
use hallpass_policy::{Constraint, GkeVersion, Violation};
use hallpass_workload::{ContainerList, Workload};

use crate::entry::{map_of, string};

pub use pattern::Patterns;
pub use remarks::{LOADERS, Remark, is_powerful, is_socket};

/// A workload, and the constraints that it violates.
#[derive(Clone, Copy, Debug)]
pub struct Input<'i, 'w> {
    /// The workload.
    pub workload: &'i Workload<'w>,
    /// Its violations without any allowlist.
    pub violations: &'i [Violation],
}

/// The settings of the generator.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `metadata.name`; by default, it is derived from the first workload. Additional lists get a number.
    pub name: Option<String>,
    /// `minGKEVersion`
    pub min_gke_version: Option<GkeVersion>,
    /// Whether variants of a workload, with the same kind, namespace and name, share a list wherever one can serve all of
    /// them.
    pub merge: bool,
    /// The fields in which a pattern may replace several texts.
    pub patterns: Patterns,
}

/// An allowlist for some of the workloads.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The object.
    pub allowlist: Value<'static>,
    /// The decisions left to a person, by JSON pointer.
    pub remarks: Vec<Remark>,
    /// The indexes of the workloads that it exempts.
    pub exempts: Vec<usize>,
    /// Present if the first list for these variants could not serve its workloads.
    pub separate: Option<Separate>,
}

/// The reason why variants of a workload need separate lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separate {
    /// The index of the first list for the variants.
    pub first: usize,
    /// The differences between the first workloads of both lists, as phrases.
    pub differing: Vec<String>,
}

/// Variants that share a list.
struct Group {
    exempts: Vec<usize>,
    separate: Option<Separate>,
}

/// The reason why no allowlist can exempt a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The index of the workload.
    pub workload: usize,
    /// JSON pointer to the reason, from the root of its document.
    pub path: String,
    /// The reason.
    pub message: String,
    /// The help line.
    pub help: &'static str,
}

/// The result of [`generate`].
#[derive(Clone, Debug, Default)]
pub struct Result {
    /// The allowlists, in the order of the first workload of each.
    pub allowlists: Vec<Generated>,
    /// The indexes of workloads that are admitted without an allowlist.
    pub admitted: Vec<usize>,
    /// The workloads that no allowlist can exempt, once per reason.
    pub refusals: Vec<Refusal>,
}

/// Generates allowlists for workloads. Equal inputs give equal output, byte by byte.
#[must_use]
pub fn generate(inputs: &[Input<'_, '_>], settings: &Settings) -> Result {
    let mut result = Result::default();
    let mut groups: Vec<Group> = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        if input.violations.is_empty() {
            result.admitted.push(index);
            continue;
        }
        let refusals = refusals(index, input);
        if !refusals.is_empty() {
            result.refusals.extend(refusals);
            continue;
        }
        let conflicts = |group: &Group| {
            let first = group.exempts.first().and_then(|first| inputs.get(*first))?.workload;
            let is_variant = settings.merge && is_variant(first, input.workload);
            is_variant.then(|| pod::conflicts(first, input.workload))
        };
        let variants: Vec<(usize, Vec<String>)> =
            groups.iter().enumerate().filter_map(|(at, group)| Some((at, conflicts(group)?))).collect();
        let shared = variants.iter().find(|(_, conflicts)| conflicts.is_empty()).map(|(at, _)| *at);
        match shared.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.exempts.push(index),
            None => {
                let first = variants.into_iter().next();
                let separate = first.map(|(first, differing)| Separate { first, differing });
                groups.push(Group { exempts: vec![index], separate });
            }
        }
    }
    for (number, Group { exempts, separate }) in groups.into_iter().enumerate() {
        let members: Vec<Input<'_, '_>> =
            exempts.iter().filter_map(|index| inputs.get(*index)).copied().collect();
        let (allowlist, remarks) = write(&members, number, settings);
        result.allowlists.push(Generated { allowlist, remarks, exempts, separate });
    }
    result
}

fn is_variant(one: &Workload<'_>, other: &Workload<'_>) -> bool {
    let namespace =
        |workload: &Workload<'_>| workload.namespace.as_ref().map(|namespace| namespace.name.to_owned());
    one.kind == other.kind && one.name == other.name && namespace(one) == namespace(other)
}

fn refusals(index: usize, input: &Input<'_, '_>) -> Vec<Refusal> {
    let mut seen = BTreeSet::new();
    let violations = input.violations.iter().filter(|violation| !violation.constraint.is_exemptible());
    let mut refusals: Vec<Refusal> = violations
        .filter(|violation| seen.insert((violation.constraint, violation.path.clone())))
        .map(|violation| Refusal {
            workload: index,
            path: violation.path.clone(),
            message: format!(
                "no allowlist can exempt from `{}`: {}",
                violation.constraint.id(),
                violation.message
            ),
            help: "change the workload",
        })
        .collect();
    let ephemeral =
        input.workload.containers.iter().find(|container| container.list == ContainerList::Ephemeral);
    refusals.extend(ephemeral.map(|container| Refusal {
        workload: index,
        path: container.pointer(&input.workload.spec_pointer),
        message: format!("an allowlist has no entries for ephemeral containers such as `{}`", container.name),
        help: "remove the container from the manifest",
    }));
    for container in &input.workload.containers {
        let unlistable = container.image.filter(|image| image.digest.is_some() && image.sha256.is_none());
        refusals.extend(unlistable.map(|image| Refusal {
            workload: index,
            path: format!("{}/image", container.pointer(&input.workload.spec_pointer)),
            message: format!("an allowlist cannot list the digest of `{}`", image.full),
            help: "use a digest of `sha256:` and 64 lower-case hex digits",
        }));
    }
    refusals
}

fn write(members: &[Input<'_, '_>], number: usize, settings: &Settings) -> (Value<'static>, Vec<Remark>) {
    let workloads: Vec<&Workload<'_>> = members.iter().map(|member| member.workload).collect();
    let needed: BTreeSet<Constraint> =
        members.iter().flat_map(|member| member.violations).map(|violation| violation.constraint).collect();
    let exemptions = Constraint::ALL.into_iter().filter(|constraint| needed.contains(constraint));
    let mut remarks = Vec::new();
    let mut fields = vec![
        ("apiVersion".into(), string("auto.gke.io/v1")),
        ("kind".into(), string("WorkloadAllowlist")),
        ("metadata".into(), map_of([("name", string(&name(&workloads, number, settings, &mut remarks)))])),
    ];
    if let Some(version) = settings.min_gke_version {
        fields.push(("minGKEVersion".into(), string(&version.to_string())));
    }
    let exemptions = exemptions.map(|constraint| string(constraint.id())).collect();
    fields.push(("exemptions".into(), Value::List(exemptions)));

    let mut criteria = pod::criteria(&workloads);
    for list in [ContainerList::Main, ContainerList::Init] {
        let entries = containers::entries(&workloads, list, settings.patterns, &mut remarks);
        if !entries.is_empty() {
            criteria.push((list.field().into(), Value::List(entries)));
        }
    }
    let volumes = volumes::entries(&workloads, &mut remarks);
    if !volumes.is_empty() {
        criteria.push(("volumes".into(), Value::List(volumes)));
    }
    fields.push(("matchingCriteria".into(), Value::Map(criteria)));
    let digests = containers::digests(&workloads, &mut remarks);
    if !digests.is_empty() {
        fields.push(("containerImageDigests".into(), Value::List(digests)));
    }
    (Value::Map(fields), remarks)
}

/// Returns the name of a list: that in the settings, or in the label of its workloads. Otherwise, the name ends in a version, so
/// that a new list can be installed next to the old one. A label that names another list gets a remark.
fn name(
    workloads: &[&Workload<'_>],
    number: usize,
    settings: &Settings,
    remarks: &mut Vec<Remark>,
) -> String {
    let count = if number == 0 { String::new() } else { format!("-{}", number + 1) };
    let first = workloads.first();
    let label = first.and_then(|workload| workload.matching_label.as_ref()).map(|label| label.allowlist);
    let name = match (&settings.name, label) {
        (Some(name), _) => format!("{name}{count}"),
        (None, Some(label)) => format!("{label}{count}"),
        (None, None) => {
            let stem = first.and_then(|workload| workload.name).unwrap_or("workload").trim_end_matches('-');
            let kind = first.map_or("pod", |workload| workload.kind.name()).to_lowercase();
            format!("{stem}-{kind}{count}-v1")
        }
    };
    if let Some(label) = label.filter(|label| *label != name) {
        let text =
            format!("decide: the label of the workload selects `{label}`; it must select this name instead");
        remarks.push(Remark { path: "/metadata/name".to_owned(), text });
    }
    name
}
