//! M13: the installed allowlists. One that matches is sufficient; none of those that share a name counts.

use super::{Allowlist, ReadAllowlist};
use hallpass_document::{Diagnostic, sorted};
use hallpass_workload::Manifest;

/// Allowlists with unique names, sorted by name, so that no decision depends on the order of loading.
#[derive(Debug, Default)]
pub struct AllowlistSet<'v> {
    allowlists: Vec<Allowlist<'v>>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
        let mut read = Vec::with_capacity(manifests.len());
        for (index, manifest) in manifests.iter().enumerate() {
            match Allowlist::read(manifest) {
                Ok(ReadAllowlist { allowlist, warnings }) => {
                    load.warnings.extend(warnings.into_iter().map(|warning| (index, warning)));
                    read.push(Some(allowlist));
                }
                Err(faults) => {
                    load.invalid.push((index, faults));
                    read.push(None);
                }
            }
        }
        let named =
            manifests.iter().enumerate().filter_map(|(index, manifest)| Some((manifest.name()?, index)));
        // By name, so that the order of loading does not determine which ones count.
        for namesakes in sorted(named.collect()).chunk_by(|(one, _), (other, _)| one == other) {
            let Some(((_, first), others)) = namesakes.split_first() else { continue };
            load.duplicates
                .extend(others.iter().map(|(_, manifest)| Duplicate { manifest: *manifest, first: *first }));
            let allowlist = read.get_mut(*first).and_then(Option::take).filter(|_| others.is_empty());
            if let Some(Err(fault)) = allowlist.map(|allowlist| load.set.insert(allowlist)) {
                load.invalid.push((*first, vec![fault]));
            }
        }
        load.duplicates = sorted(load.duplicates);
        load
    }

    /// Adds the next allowlist by name, unless its patterns exceed the limit.
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
        self.allowlists.push(allowlist);
        Ok(())
    }

    /// Returns all allowlists, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = &Allowlist<'v>> {
        self.allowlists.iter()
    }

    /// Returns the allowlist with this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Allowlist<'v>> {
        let found = self.allowlists.binary_search_by_key(&name, |allowlist| allowlist.name);
        self.allowlists.get(found.ok()?)
    }
}
