//! Estimates the cost of an evaluation, in the units of the API server's limits (cel-go's runtime cost).
//!
//! The estimate assumes a workload with every container, argument, mount and volume of the most expensive allowlist, and that
//! each allowlist fails only at its last criterion. The tests with a real API server measure the true cost, and check that it
//! is below the estimate.

use hallpass_policy::pattern::is_pattern;
use hallpass_policy::{AllowedContainer, Allowlist};

use crate::pattern::{ASCII, depends_on_unicode};

/// The maximum cost of one evaluation of a policy: `RuntimeCELCostBudget` in k8s.io/apiserver.
pub const HIGHEST_COST: u64 = 10_000_000;

/// The maximum cost of one expression: `PerCallLimit` in k8s.io/apiserver.
pub const HIGHEST_EXPRESSION_COST: u64 = 1_000_000;

/// The assumed length of an argument, a name or a path of a workload, in characters.
const LENGTH: u64 = 20;

/// The cost of an allowlist for a workload with its own shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// The cost of all its expressions.
    pub(crate) total: u64,
    /// The cost of its most expensive expression.
    pub(crate) highest: u64,
    /// The cost of reading the workload and evaluating the constraints.
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
        let pod = 60 + of_pairs(volumes) + containers * 6 * containers;
        let workload = 2_000 + 1_200 * containers + mounts * (12 + 10 * volumes) + 180 * volumes;
        Cost { total: total + pod, highest: highest.max(pod), workload }
    }
}

fn of_container(container: &AllowedContainer<'_>) -> u64 {
    let literals = count(&container.env_from)
        + count(&container.added_capabilities)
        + count(&container.dropped_capabilities);
    let image = container.image.iter().map(|image| of_texts(&[image.text])).sum::<u64>();
    200 + image
        + LISTED * literals
        + count(&container.command)
        + of_texts(&container.args.texts)
        + of_texts(&container.env.texts)
        + of_pairs(count(&container.mounts))
        + of_pairs(count(&container.devices))
}

/// The cost of looking up a text in a list of constants, whatever its length.
const LISTED: u64 = 8;

/// The cost of a workload with one text for each entry. It is compared with all literals at once, and with half of the
/// patterns.
fn of_texts(entries: &[&str]) -> u64 {
    let (patterns, literals): (Vec<&str>, Vec<&str>) = entries.iter().partition(|entry| is_pattern(entry));
    let of_patterns: u64 = patterns.iter().map(|pattern| of_pattern(pattern)).sum();
    LISTED * count(&literals) + count(&patterns) * (LISTED + of_patterns / 2)
}

fn of_pattern(pattern: &str) -> u64 {
    let guard = if depends_on_unicode(pattern) { of_match(ASCII) } else { 0 };
    guard + of_match(pattern)
}

/// The cost of a match in cel-go: a tenth of the text's length times a quarter of the pattern's.
fn of_match(pattern: &str) -> u64 {
    let length = pattern.chars().count() as u64 + 6;
    3 + LENGTH.div_ceil(10) * length.div_ceil(4)
}

/// The cost of a workload with one pair of texts for each entry, compared with half of the others.
fn of_pairs(entries: u64) -> u64 {
    entries * (8 + 2 * entries)
}

fn count<T>(items: &[T]) -> u64 {
    items.len() as u64
}
