//! The allowlists that are installed together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Allowlist, ReadAllowlist};
use crate::manifest::Manifest;
use hallpass_document::Fault;

/// Allowlists of distinct names, in the order of those names: no decision depends on the order of loading.
#[derive(Debug, Default)]
pub struct AllowlistSet<'v> {
    allowlists: BTreeMap<&'v str, Allowlist<'v>>,
    /// What their patterns cost together.
    pattern_cost: u64,
}

/// The largest automata, in states and arcs, that all allowlists may need together: some two hundred megabytes. Each list
/// of patterns has a limit of its own; a thousand lists of that size would be more than a machine has.
const MAX_COST: u64 = 1 << 22;

/// What came of loading a list of manifests. Manifests are named by their place in that list.
#[derive(Debug, Default)]
pub struct Load<'v> {
    /// The allowlists that count.
    pub set: AllowlistSet<'v>,
    /// Manifests that are no valid allowlist, and why.
    pub invalid: Vec<(usize, Vec<Fault>)>,
    /// Manifests that have the name of an earlier one. None of that name counts, valid or not (rule M13).
    pub duplicates: Vec<Duplicate>,
    /// Parts of allowlists that have no effect and look like slips.
    pub warnings: Vec<(usize, Fault)>,
}

/// A manifest that has the name of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The manifest.
    pub manifest: usize,
    /// The first of that name.
    pub first: usize,
}

impl<'v> AllowlistSet<'v> {
    /// Reads and compiles the allowlists in `manifests`, whose roles have said that they are some.
    #[must_use]
    pub fn load(manifests: &[Manifest<'v>]) -> Load<'v> {
        let mut load = Load::default();
        let mut first_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut duplicate_names = BTreeSet::new();
        for (index, manifest) in manifests.iter().enumerate() {
            let Some(name) = manifest.name() else { continue };
            let first = *first_of.entry(name).or_insert(index);
            if first != index {
                load.duplicates.push(Duplicate { manifest: index, first });
                duplicate_names.insert(name);
            }
        }
        for (index, manifest) in manifests.iter().enumerate() {
            match Allowlist::read(manifest) {
                Ok(ReadAllowlist { allowlist, warnings }) => {
                    load.warnings.extend(warnings.into_iter().map(|warning| (index, warning)));
                    if !duplicate_names.contains(allowlist.name) {
                        load.set.allowlists.insert(allowlist.name, allowlist);
                    }
                }
                Err(faults) => load.invalid.push((index, faults)),
            }
        }
        // By name, so that the order of loading does not tell which of them count.
        for (name, allowlist) in std::mem::take(&mut load.set.allowlists) {
            if let (Err(fault), Some(index)) = (load.set.insert(allowlist), first_of.get(name)) {
                load.invalid.push((*index, vec![fault]));
            }
        }
        load
    }

    /// Takes one more in, unless its patterns are too large for that.
    fn insert(&mut self, allowlist: Allowlist<'v>) -> Result<(), Fault> {
        let cost = self.pattern_cost + allowlist.pattern_cost();
        if cost > MAX_COST {
            let message = format!(
                "the patterns of `{}`, together with those of the allowlists before it by name, are too large",
                allowlist.name
            );
            return Err(Fault::new("/matchingCriteria".to_owned(), message)
                .help("repeat fewer and smaller classes in its patterns, or load fewer allowlists"));
        }
        self.pattern_cost = cost;
        self.allowlists.insert(allowlist.name, allowlist);
        Ok(())
    }

    /// Every allowlist, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Allowlist<'v>> {
        self.allowlists.values()
    }

    /// The allowlist of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Allowlist<'v>> {
        self.allowlists.get(name)
    }
}
