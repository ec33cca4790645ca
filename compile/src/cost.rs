//! What an evaluation costs, in the units of the API server's limits (cel-go's cost of a run).
//!
//! The estimate is for a workload with every container, argument, mount and volume of the allowlist that costs most, compared
//! with each allowlist as if that one failed only at its last criterion. The suite with a real API server measures the true
//! cost, and holds that it is below the estimate.

use hallpass_policy::pattern::is_pattern;
use hallpass_policy::{AllowedContainer, Allowlist};

/// The maximum cost of one evaluation of a policy: `RuntimeCELCostBudget` in k8s.io/apiserver.
pub const HIGHEST_COST: u64 = 10_000_000;

/// The maximum cost of one expression: `PerCallLimit` in k8s.io/apiserver.
pub const HIGHEST_EXPRESSION_COST: u64 = 1_000_000;

/// The length that an argument, a name or a path of a workload is assumed to have, in characters.
const LENGTH: u64 = 40;

/// The cost of an allowlist for a workload with its own shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Of all its expressions.
    pub(crate) total: u64,
    /// Of the expression that costs most.
    pub(crate) highest: u64,
    /// Of reading the workload, and of its constraints.
    pub(crate) workload: u64,
}

impl Cost {
    pub(crate) fn of(allowlist: &Allowlist<'_>) -> Self {
        let containers = count(&allowlist.containers);
        let volumes = count(&allowlist.volumes);
        let mounts: u64 = allowlist.containers.iter().map(|container| count(&container.mounts)).sum();
        // Each expression looks at every container of the workload, and at its own more closely.
        let expressions =
            allowlist.containers.iter().map(|container| 40 * containers + of_container(container));
        let (mut total, mut highest) = (0, 0);
        for expression in expressions {
            total += expression;
            highest = highest.max(expression);
        }
        let pod = 60 + volumes * (8 + 9 * volumes) + containers * 6 * containers;
        let workload = 2_000 + 1_200 * containers + mounts * (12 + 10 * volumes) + 180 * volumes;
        Cost { total: total + pod, highest: highest.max(pod), workload }
    }
}

fn of_container(container: &AllowedContainer<'_>) -> u64 {
    let lists = [count(&container.env_from), count(&container.added_capabilities)];
    let images = container.image.iter().map(|image| image.text);
    150 + any_of(images.collect::<Vec<_>>().as_slice(), 1)
        + count(&container.digests)
        + count(&container.command)
        + any_of(&container.args.texts, count(&container.args.texts))
        + any_of(&container.env.texts, count(&container.env.texts))
        + lists.iter().map(|entries| entries * (6 + entries)).sum::<u64>()
        + count(&container.dropped_capabilities) * 8
        + count(&container.mounts) * (6 + 7 * count(&container.mounts))
        + count(&container.devices) * (6 + 7 * count(&container.devices))
}

/// The cost of comparing each of `items` texts with all entries.
fn any_of(entries: &[&str], items: u64) -> u64 {
    let literals = entries.iter().filter(|entry| !is_pattern(entry)).count() as u64;
    let patterns = entries.iter().filter(|entry| is_pattern(entry)).map(|pattern| of_pattern(pattern));
    items * (6 + literals + patterns.sum::<u64>())
}

/// As cel-go counts: a tenth of the text times a quarter of the pattern.
fn of_pattern(pattern: &str) -> u64 {
    let length = pattern.chars().count() as u64 + 6;
    3 + LENGTH.div_ceil(10) * length.div_ceil(4)
}

fn count<T>(items: &[T]) -> u64 {
    items.len() as u64
}
