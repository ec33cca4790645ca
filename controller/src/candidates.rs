//! Which allowlists a synchronizer may hold.

use std::collections::{BTreeSet, HashMap};

use kube::runtime::watcher::Event;

use crate::seen::Seen;

/// For each synchronizer, by UID, the allowlists that it holds, and perhaps others. The store and our own writes tell which it
/// holds. Without this index, each round would look at all allowlists of the cluster.
#[derive(Debug, Default)]
pub(crate) struct Candidates(HashMap<String, BTreeSet<String>>);

impl Candidates {
    /// Adds an allowlist that a synchronizer holds.
    pub(crate) fn add(&mut self, uid: &str, name: &str) {
        match self.0.get_mut(uid) {
            Some(names) if names.contains(name) => {}
            Some(names) => drop(names.insert(name.to_owned())),
            None => drop(self.0.insert(uid.to_owned(), BTreeSet::from([name.to_owned()]))),
        }
    }

    /// Records an event before the store has it. An allowlist that `is_written` stays, because the controller restores it.
    pub(crate) fn observe(&mut self, event: &Event<Seen>, is_written: impl Fn(&str) -> bool) {
        match event {
            Event::Init | Event::InitDone => {}
            Event::Apply(seen) | Event::InitApply(seen) => {
                if let Some(uid) = &seen.held.owner {
                    self.add(uid, &seen.name);
                }
            }
            Event::Delete(seen) => {
                if let Some(uid) = seen.held.owner.as_ref().filter(|_| !is_written(&seen.name)) {
                    self.remove(uid, &seen.name);
                }
            }
        }
    }

    /// Forgets deleted allowlists of dead synchronizers. Those of a live one stay: the store may not show yet what was just
    /// observed.
    pub(crate) fn forget_dead(&mut self, is_live: impl Fn(&str) -> bool, is_there: impl Fn(&str) -> bool) {
        self.0.retain(|uid, names| {
            if !is_live(uid) {
                names.retain(|name| is_there(name));
            }
            !names.is_empty()
        });
    }

    /// Returns the allowlists that a synchronizer may hold.
    pub(crate) fn of(&self, uid: &str) -> Vec<String> {
        self.0.get(uid).into_iter().flatten().cloned().collect()
    }

    fn remove(&mut self, uid: &str, name: &str) {
        if let Some(names) = self.0.get_mut(uid) {
            names.remove(name);
            if names.is_empty() {
                self.0.remove(uid);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
    use kube::runtime::watcher::Event;
    use proptest::prelude::*;

    use super::Candidates;
    use crate::object::OWNER;
    use crate::seen::Seen;

    #[derive(Clone, Debug)]
    enum Change {
        Apply(&'static str, Option<&'static str>),
        Delete(&'static str),
        /// The watch lists everything again, without what was deleted while it was down.
        Relist(Vec<&'static str>),
        Write(&'static str, &'static str),
        /// The synchronizer with this UID.
        Die(&'static str),
        Uninstall(&'static str),
    }

    fn change() -> impl Strategy<Value = Change> {
        let name = || prop::sample::select(vec!["a", "b", "c"]);
        let uid = || prop::sample::select(vec!["1", "2"]);
        prop_oneof![
            4 => (name(), prop::option::of(uid())).prop_map(|(name, uid)| Change::Apply(name, uid)),
            2 => name().prop_map(Change::Delete),
            1 => prop::collection::vec(name(), 0..3).prop_map(Change::Relist),
            3 => (name(), uid()).prop_map(|(name, uid)| Change::Write(name, uid)),
            1 => name().prop_map(Change::Uninstall),
            1 => uid().prop_map(Change::Die),
        ]
    }

    fn object(name: &str, uid: Option<&str>) -> Seen {
        let labels = uid.map(|uid| BTreeMap::from([(OWNER.to_owned(), uid.to_owned())]));
        Seen::of(&ObjectMeta { name: Some(name.to_owned()), labels, ..ObjectMeta::default() })
    }

    proptest! {
        /// After any changes, every allowlist of a synchronizer in the store is a candidate.
        #[test]
        fn no_allowlist_is_missing(changes in prop::collection::vec(change(), 0..20)) {
            let mut candidates = Candidates::default();
            let mut store: BTreeMap<&str, Option<&str>> = BTreeMap::new();
            let mut written: BTreeMap<&str, &str> = BTreeMap::new();
            for change in changes {
                let mut observe = |event| candidates.observe(&event, |name| written.contains_key(name));
                match change {
                    Change::Apply(name, uid) => {
                        observe(Event::Apply(object(name, uid)));
                        store.insert(name, uid);
                    }
                    Change::Delete(name) => {
                        if let Some(uid) = store.get(name) {
                            observe(Event::Delete(object(name, *uid)));
                            store.remove(name);
                        }
                    }
                    Change::Relist(deleted) => {
                        observe(Event::Init);
                        store.retain(|name, _| !deleted.contains(name));
                        store.iter().for_each(|(name, uid)| observe(Event::InitApply(object(name, *uid))));
                        observe(Event::InitDone);
                    }
                    Change::Write(name, uid) => {
                        written.insert(name, uid);
                        candidates.add(uid, name);
                    }
                    Change::Uninstall(name) => {
                        written.remove(name);
                    }
                    Change::Die(dead) => {
                        let is_there = |name: &str| store.contains_key(name);
                        written.retain(|name, uid| *uid != dead || is_there(name));
                        candidates.forget_dead(|uid| uid != dead, is_there);
                        prop_assert!(candidates.of(dead).iter().all(|name| is_there(name)));
                    }
                }
                for uid in ["1", "2"] {
                    let found: BTreeSet<String> = candidates.of(uid).into_iter().collect();
                    let holds = |(name, of_store): (&&'static str, &Option<&str>)| {
                        let holder = written.get(*name).copied().or(*of_store);
                        (holder == Some(uid)).then(|| (*name).to_owned())
                    };
                    let held: BTreeSet<String> = store.iter().filter_map(holds).collect();
                    prop_assert!(held.is_subset(&found), "{:?} of {}, but {:?}", held, uid, found);
                }
            }
            // Deleted allowlists are forgotten.
            written.clear();
            for (name, uid) in std::mem::take(&mut store) {
                candidates.observe(&Event::Delete(object(name, uid)), |_| false);
                prop_assert!(uid.is_none_or(|uid| !candidates.of(uid).iter().any(|found| found == name)));
            }
        }
    }
}
