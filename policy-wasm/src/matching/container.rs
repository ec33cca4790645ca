//! M4: every container of the workload must match one in the same list of the allowlist. M2: with the label, the
//! two must have the same name.

use super::tally::Tally;
use super::{Difference, Pair, app_armor, capabilities, env, handler, image, listed, mount, pod, process};
use crate::allowlist::AllowedContainer;
use crate::decision::{Assumption, Mismatch, Rule};
use crate::gke_version::GkeVersion;
use hallpass_workload::{Container, ContainerList};

/// A container of the workload and one of the allowlist.
#[derive(Clone, Copy)]
pub(super) struct ContainerPair<'p, 'w, 'a> {
    pub(super) pair: &'p Pair<'p, 'w, 'a>,
    pub(super) container: &'p Container<'w>,
    pub(super) allowed: &'p AllowedContainer<'a>,
    /// Whether another container of the workload is compared with the same one of the allowlist.
    shared: bool,
}

impl ContainerPair<'_, '_, '_> {
    pub(super) fn path(&self, below: &str) -> String {
        format!("{}{below}", self.container.pointer(&self.pair.workload.spec_pointer))
    }

    pub(super) fn allowed_path(&self, below: &str) -> String {
        self.allowed.path(below)
    }

    pub(super) fn mismatch(&self, rule: Rule, difference: Difference) -> Mismatch {
        let mut mismatch = self.pair.mismatch(rule, difference);
        mismatch.shared = self.shared;
        mismatch
    }

    /// Cheap comparisons first: most pairs differ in the image or the command.
    fn compare(&self, tally: &mut Tally) {
        compare_name(self, tally);
        image::compare(self, tally);
        if tally.is_over() {
            return;
        }
        process::compare(self, tally);
        if tally.is_over() {
            return;
        }
        env::compare(self, tally);
        if tally.is_over() {
            return;
        }
        handler::compare(self, tally);
        compare_privileged(self, tally);
        capabilities::compare(self, tally);
        app_armor::compare_container(self, tally);
        mount::compare(self, tally);
    }

    fn matches(&self) -> bool {
        // First, because it is cheap and most pairs differ in it.
        if self.container.command != self.allowed.command {
            return false;
        }
        self.distance(1) == 0
    }

    /// Counts the mismatches, up to `limit`.
    fn distance(&self, limit: usize) -> usize {
        let mut tally = Tally::up_to(limit);
        self.compare(&mut tally);
        tally.found()
    }
}

fn compare_name(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    if !pair.pair.names_count || pair.container.name == pair.allowed.name {
        return;
    }
    tally.add(|| {
        let (name, allowed) = (pair.container.name, pair.allowed.name);
        pair.mismatch(
            Rule::M2,
            Difference {
                path: pair.path("/name"),
                workload: Some(name.to_owned()),
                expected: Some(allowed.to_owned()),
                allowlist_path: pair.allowed_path("/name"),
                message: format!("container `{name}` is named `{allowed}` in the allowlist"),
                help: format!(
                    "rename the container to `{allowed}`: the label `cloud.google.com/matching-allowlist` makes names \
                     count"
                ),
                assumption: None,
            },
        )
    });
}

fn compare_privileged(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    let (workload, allowlist) = (pair.container.privileged, pair.allowed.privileged);
    if workload == allowlist {
        return;
    }
    tally.add(|| {
        let name = pair.container.name;
        pair.mismatch(
            Rule::M3,
            Difference {
                path: pair.path("/securityContext/privileged"),
                workload: Some(workload.to_string()),
                expected: Some(allowlist.to_string()),
                allowlist_path: pair.allowed_path("/securityContext/privileged"),
                message: format!("`privileged` of container `{name}` is {workload}, but {allowlist} in the allowlist"),
                help: format!(
                    "set `privileged: {allowlist}` in container `{name}`, or load an allowlist with `privileged: \
                     {workload}`"
                ),
                assumption: pod::untested_equality(allowlist),
            },
        )
    });
}

/// Returns whether each container of the workload matches one of the allowlist, and whether the order is the same.
pub(super) fn all_match(pair: &Pair<'_, '_, '_>) -> Option<Order> {
    let mut order = Order::Same;
    let (mut last_main, mut last_init) = (0, 0);
    for container in &pair.workload.containers {
        let last = match container.list {
            ContainerList::Main => &mut last_main,
            ContainerList::Init => &mut last_init,
            // Rule M4: the CRD has no list for them.
            ContainerList::Ephemeral => return None,
        };
        let candidates = || same_list(pair, container).filter(|candidate| candidate.matches());
        let index = candidates().map(|candidate| candidate.allowed.index).find(|index| *index >= *last);
        match index {
            Some(index) => *last = index,
            None => {
                candidates().next()?;
                order = Order::Different;
            }
        }
    }
    Some(order)
}

/// Whether the containers of the workload are in the order of the allowlist's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Same,
    Different,
}

pub(super) fn assume_order(pair: &Pair<'_, '_, '_>, order: Order, assumptions: &mut Vec<Assumption>) {
    if order == Order::Same || pair.target.is_some_and(|target| target >= GkeVersion::ORDER_FREE) {
        return;
    }
    assumptions.push(Assumption {
        rule: Rule::M4,
        message: format!(
            "the order of the containers differs from `{}`; before GKE {} the order mattered in a way that is \
             not public",
            pair.allowlist.name,
            GkeVersion::ORDER_FREE
        ),
    });
}

/// Adds an assumption for each container whose image matches only as a whole reference (rule M5).
pub(super) fn assume_images(pair: &Pair<'_, '_, '_>, assumptions: &mut Vec<Assumption>) {
    for container in &pair.workload.containers {
        let certain = same_list(pair, container)
            .any(|candidate| !image::rests_on_full_reference(&candidate) && candidate.matches());
        if !certain {
            assumptions.push(image::full_reference_assumption(container));
        }
    }
}

/// The allowlist's container that is nearest to a container of the workload.
pub(super) struct Nearest {
    /// Its position among all of the allowlist's containers; `None` if its list is empty.
    allowed: Option<usize>,
    pub(super) mismatches: usize,
}

/// Returns, for each container, the one in the same list of the allowlist with the fewest mismatches; of several, the
/// one with the same name, then the first.
pub(super) fn nearest(pair: &Pair<'_, '_, '_>) -> Vec<Nearest> {
    let containers = pair.workload.containers.iter();
    containers.map(|container| nearest_to(pair, container)).collect()
}

fn nearest_to(pair: &Pair<'_, '_, '_>, container: &Container<'_>) -> Nearest {
    let mut best: Option<(usize, usize)> = None;
    // A container with the same name is likely the intended one: its distance limits the work on the others.
    for (index, allowed) in pair.allowlist.explaining(container, container.list) {
        let limit = best.map_or(usize::MAX, |(_, least)| least);
        if limit == 0 {
            break;
        }
        let distance = ContainerPair { pair, container, allowed, shared: false }.distance(limit);
        if distance < limit {
            best = Some((index, distance));
        }
    }
    match best {
        Some((allowed, mismatches)) => Nearest { allowed: Some(allowed), mismatches },
        None => Nearest { allowed: None, mismatches: 1 },
    }
}

/// Whether a container of the workload has the name or the image of one of the allowlist, in any list of containers: an
/// agent may have become a sidecar.
pub(super) fn is_related(pair: &Pair<'_, '_, '_>) -> bool {
    pair.workload.containers.iter().any(|container| {
        let mut entries =
            ContainerList::ALL.into_iter().flat_map(|list| pair.allowlist.explaining(container, list));
        entries.any(|(_, allowed)| allowed.name == container.name || image::is_alike(container, allowed))
    })
}

/// Reports, for each container, the mismatches with the nearest one of the allowlist.
pub(super) fn compare_nearest(pair: &Pair<'_, '_, '_>, nearest: &[Nearest], tally: &mut Tally) {
    let differing =
        pair.workload.containers.iter().zip(nearest).filter(|(_, nearest)| nearest.mismatches > 0);
    for (container, differing) in differing {
        if tally.is_over() {
            return;
        }
        match differing.allowed.and_then(|index| pair.allowlist.containers.get(index)) {
            Some(allowed) => {
                let same = nearest.iter().filter(|other| other.allowed == differing.allowed);
                ContainerPair { pair, container, allowed, shared: same.count() > 1 }.compare(tally);
            }
            None => tally.add(|| no_candidate(pair, container)),
        }
    }
}

fn same_list<'p, 'w, 'a>(
    pair: &'p Pair<'p, 'w, 'a>,
    container: &'p Container<'w>,
) -> impl Iterator<Item = ContainerPair<'p, 'w, 'a>> {
    let candidates = pair.allowlist.candidates(container);
    candidates.map(move |(_, allowed)| ContainerPair { pair, container, allowed, shared: false })
}

fn no_candidate(pair: &Pair<'_, '_, '_>, container: &Container<'_>) -> Mismatch {
    let list = container.list.field();
    let ephemeral = container.list == ContainerList::Ephemeral;
    let elsewhere = pair.allowlist.containers.iter().map(|allowed| allowed.name);
    pair.mismatch(
        Rule::M4,
        Difference {
            path: container.pointer(&pair.workload.spec_pointer),
            workload: Some(container.name.to_owned()),
            expected: (!ephemeral).then(|| format!("no `{list}`")),
            allowlist_path: if ephemeral {
                "/matchingCriteria".to_owned()
            } else {
                format!("/matchingCriteria/{list}")
            },
            message: if ephemeral {
                format!("ephemeral container `{}`: no allowlist can describe one", container.name)
            } else {
                format!(
                    "`{}` is in `{list}`, but the allowlist has no containers there (it has {})",
                    container.name,
                    listed(&elsewhere.collect::<Vec<_>>())
                        .unwrap_or_else(|| "no containers at all".to_owned())
                )
            },
            help: if ephemeral {
                format!("remove the ephemeral container `{}`", container.name)
            } else {
                format!(
                    "remove `{}`, or load a version of the allowlist that describes it under `{list}`",
                    container.name
                )
            },
            assumption: ephemeral
                .then_some("ephemeral containers match nothing: the CRD has no list for them"),
        },
    )
}
