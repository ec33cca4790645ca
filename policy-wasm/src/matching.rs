//! Compares a workload with an allowlist (section Matching of docs/semantics.md): one file per group of rules.
//!
//! Every comparison reports to a [`Tally`], so that the same code determines whether an allowlist matches, how many
//! mismatches there are, and what they are.

mod app_armor;
mod capabilities;
mod container;
mod difference;
mod eligibility;
mod env;
mod handler;
mod image;
mod mount;
mod pod;
mod process;
mod tally;
mod volume;

use crate::allowlist::Allowlist;
use crate::decision::{Assumption, Mismatch, Rule, Violation};
use crate::gke_version::GkeVersion;
use hallpass_workload::Workload;

use container::Nearest;
pub use eligibility::version_suffix_stripped;
use tally::Tally;

/// A workload and an allowlist, with everything else on which the match depends.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'p, 'w, 'a> {
    pub(crate) workload: &'p Workload<'w>,
    pub(crate) allowlist: &'p Allowlist<'a>,
    pub(crate) violations: &'p [Violation],
    pub(crate) target: Option<GkeVersion>,
    /// Whether the workload's label names this allowlist, so that container names count (rule M2).
    pub(crate) names_count: bool,
    /// Whether GKE would compare the two (rule M2).
    pub(crate) considered: bool,
}

impl Pair<'_, '_, '_> {
    /// Returns the assumptions of a match, or `None` if the allowlist does not match.
    pub(crate) fn matches(&self) -> Option<Vec<Assumption>> {
        if self.compare(Tally::up_to(1)).is_over() {
            return None;
        }
        let order = container::all_match(self)?;
        let mut assumptions = Vec::new();
        eligibility::assume(self, &mut assumptions);
        container::assume_order(self, order, &mut assumptions);
        container::assume_images(self, &mut assumptions);
        app_armor::assume_levels(self, &mut assumptions);
        Some(assumptions)
    }

    /// Counts the mismatches that [`Pair::mismatches`] lists.
    pub(crate) fn distance(&self) -> Distance {
        let outside_containers = self.compare(Tally::up_to(usize::MAX)).found();
        let nearest = container::nearest(self);
        let in_containers: usize = nearest.iter().map(|nearest| nearest.mismatches).sum();
        Distance { mismatches: outside_containers + in_containers, nearest }
    }

    /// Whether a container of the workload has the name or the image of one of the allowlist.
    pub(crate) fn is_related(&self) -> bool {
        container::is_related(self)
    }

    /// Returns the mismatches, in the order of the rules and the files, up to a limit.
    pub(crate) fn mismatches(&self, distance: &Distance) -> Vec<Mismatch> {
        let mut list = self.compare(Tally::listing());
        container::compare_nearest(self, &distance.nearest, &mut list);
        list.into_list()
    }

    /// Compares everything but the containers.
    fn compare(&self, mut tally: Tally) -> Tally {
        eligibility::compare(self, &mut tally);
        pod::compare(self, &mut tally);
        volume::compare(self, &mut tally);
        tally
    }

    fn mismatch(&self, rule: Rule, difference: Difference) -> Mismatch {
        Mismatch {
            allowlist: self.allowlist.name.to_owned(),
            considered: self.considered,
            rule,
            path: difference.path,
            workload: difference.workload,
            expected: difference.expected,
            allowlist_path: Some(difference.allowlist_path),
            message: difference.message,
            help: difference.help,
            assumption: difference.assumption.map(str::to_owned),
            shared: false,
        }
    }
}

/// The distance between a workload and an allowlist.
pub(crate) struct Distance {
    /// The number of mismatches.
    pub(crate) mismatches: usize,
    /// For each container of the workload, the nearest container of the allowlist.
    nearest: Vec<Nearest>,
}

/// The parts of a [`Mismatch`] that each comparison fills in.
struct Difference {
    path: String,
    workload: Option<String>,
    expected: Option<String>,
    allowlist_path: String,
    message: String,
    help: String,
    /// The assumption on which this depends, where the public record is silent.
    assumption: Option<&'static str>,
}

/// The number of names that a sentence lists.
const SHOWN: usize = 3;

/// Lists names in a sentence; of many, the one that starts most like `missing` comes first.
fn listed_for(missing: &str, mut texts: Vec<&str>) -> Option<String> {
    if let Some(near) = difference::alike(missing, texts.get(SHOWN..).unwrap_or_default())
        && let Some(ahead) = texts.get_mut(..=SHOWN + near)
    {
        ahead.rotate_right(1);
    }
    listed(&texts)
}

/// Lists the first names in a sentence, and the number of others.
fn listed(texts: &[&str]) -> Option<String> {
    let shown: Vec<String> =
        texts.iter().take(SHOWN).map(|text| format!("`{}`", difference::shown(text))).collect();
    match texts.len() {
        0 => None,
        more if more > SHOWN => Some(format!("{} and {} more", shown.join(", "), more - SHOWN)),
        _ => Some(shown.join(", ")),
    }
}
