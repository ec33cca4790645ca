//! M13: the installed allowlists. One that matches is sufficient; none of those that share a name counts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Allowlist, ReadAllowlist};
use hallpass_document::Diagnostic;
use hallpass_workload::Manifest;

/// Allowlists with unique names, sorted by name, so that no decision depends on the order of loading.
#[derive(Debug, Default)]
pub struct AllowlistSet<'v> {
    allowlists: BTreeMap<&'v str, Allowlist<'v>>,
    /// The total cost of their patterns.
    pattern_cost: u64,
}

/// The maximum total size of the automata of all allowlists, in states and arcs: about two hundred megabytes. Each list
/// of patterns has its own limit, but a thousand lists of that size would exceed a machine's memory.
const MAX_COST: u64 = 1 << 22;

/// The result of loading a list of manifests. Manifests are identified by their index in that list.
#[derive(Debug, Default)]
pub struct Load<'v> {
    /// The allowlists that count.
    pub set: AllowlistSet<'v>,
    /// Manifests that are not valid allowlists, with the reasons.
    pub invalid: Vec<(usize, Vec<Diagnostic>)>,
    /// Manifests with the name of an earlier one. No allowlist with that name counts, valid or not (rule M13).
    pub duplicates: Vec<Duplicate>,
    /// Parts of allowlists that have no effect and look like typos.
    pub warnings: Vec<(usize, Diagnostic)>,
}

/// A manifest with the name of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The manifest.
    pub manifest: usize,
    /// The first manifest with that name.
    pub first: usize,
}

impl<'v> AllowlistSet<'v> {
    /// Reads and compiles the allowlists in `manifests`, whose roles must be allowlists.
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
        // By name, so that the order of loading does not determine which ones count.
        for (name, allowlist) in std::mem::take(&mut load.set.allowlists) {
            if let (Err(fault), Some(index)) = (load.set.insert(allowlist), first_of.get(name)) {
                load.invalid.push((*index, vec![fault]));
            }
        }
        load
    }

    /// Adds an allowlist, unless its patterns exceed the limit.
    fn insert(&mut self, allowlist: Allowlist<'v>) -> Result<(), Diagnostic> {
        let cost = self.pattern_cost + allowlist.pattern_cost();
        if cost > MAX_COST {
            let message = format!(
                "the patterns of `{}`, together with those of the allowlists before it by name, are too large",
                allowlist.name
            );
            return Err(Diagnostic::new("/matchingCriteria".to_owned(), message)
                .help("repeat fewer and smaller classes in its patterns, or load fewer allowlists"));
        }
        self.pattern_cost = cost;
        self.allowlists.insert(allowlist.name, allowlist);
        Ok(())
    }

    /// Returns all allowlists, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = &Allowlist<'v>> {
        self.allowlists.values()
    }

    /// Returns the allowlist with this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Allowlist<'v>> {
        self.allowlists.get(name)
    }
}
