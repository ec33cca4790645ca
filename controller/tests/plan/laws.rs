//! The laws of plans, on a cluster and a source in memory: for any sequence of edits and faults, at every step, and
//! after the last fault.
use std::collections::{BTreeMap, BTreeSet};

use hallpass_controller::claim::{Claim, covers};
use hallpass_controller::contents::Contents;
use hallpass_controller::location::Location;
use hallpass_controller::plan::{Held, Plan, Step, plan, rivals};
use hallpass_controller::round::{PathProblem, Round, Unusable};
use k8s_openapi::jiff::Timestamp;
use proptest::prelude::*;

const FILES: [&str; 5] = ["a/1.yaml", "a/2.yaml", "a/b/3.yaml", "c/4.yaml", "c/5.yaml"];
const NAMES: [&str; 4] = ["w", "x", "y", "z"];
const PATHS: [&str; 7] = ["a/*", "c/*", "a/b/*", "a/1.yaml", "a/2.yaml", "c/4.yaml", "missing.yaml"];
const SYNCHRONIZERS: [&str; 3] = ["p", "q", "r"];

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
enum File {
    /// A list with the name, in a version.
    Good(usize, u8),
    Invalid,
    /// It cannot be read for now.
    Unreadable,
}

#[derive(Clone, Debug)]
enum Event {
    /// Publishes or removes a file.
    Publish(usize, Option<File>),
    /// Creates or changes a synchronizer.
    Apply(usize, BTreeSet<usize>),
    /// Deletes a synchronizer; the garbage collector removes what it holds.
    Delete(usize),
    /// The folder cannot be listed, or can again.
    Unlistable(bool),
    /// Writes of allowlists fail, or do not any more.
    Unwritable(bool),
    /// Somebody deletes an allowlist.
    Lose(usize),
    /// A round.
    Sync(usize),
}

#[derive(Clone, Debug)]
struct Synchronizer {
    uid: String,
    created: i64,
    paths: BTreeSet<usize>,
}

#[derive(Clone, Debug, PartialEq)]
struct Allowlist {
    held: Held,
    version: u8,
}

#[derive(Default)]
struct World {
    clock: i64,
    files: BTreeMap<&'static str, File>,
    synchronizers: BTreeMap<&'static str, Synchronizer>,
    cluster: BTreeMap<String, Allowlist>,
    unlistable: bool,
    unwritable: bool,
}

impl World {
    fn claims(&self) -> Vec<Claim<'_>> {
        let claim = |(name, synchronizer): (&'static &'static str, &Synchronizer)| Claim {
            name,
            uid: "",
            created: Timestamp::from_second(synchronizer.created).ok(),
            bucket: None,
            paths: synchronizer.paths.iter().map(|path| PATHS[*path]).collect(),
        };
        let found = SYNCHRONIZERS.iter().filter_map(|name| Some((name, self.synchronizers.get(name)?)));
        found.map(|(name, found)| Claim { uid: &found.uid, ..claim((name, found)) }).collect()
    }

    fn read(&self, claim: &Claim<'_>) -> Round {
        let mut round = Round::default();
        for path in &claim.paths {
            if path.ends_with('*') {
                let inside: Vec<_> = self.files.keys().filter(|file| covers(path, file)).collect();
                if self.unlistable || inside.is_empty() {
                    round.paths.push(((*path).to_owned(), PathProblem::Unlisted("unlistable".to_owned())));
                } else {
                    round.files.extend(inside.iter().map(|file| ((**file).to_owned(), self.contents(file))));
                }
            } else {
                round.files.insert((*path).to_owned(), self.contents(path));
            }
        }
        round
    }

    fn contents(&self, file: &str) -> Result<Contents, Unusable> {
        let unusable = |message: &str, temporary| Unusable { message: message.to_owned(), temporary };
        match self.files.get(file) {
            None => Err(unusable("not found", false)),
            Some(File::Invalid) => Err(unusable("invalid contents", false)),
            Some(File::Unreadable) => Err(unusable("cannot be read", true)),
            Some(File::Good(name, version)) => {
                Ok(Contents { name: NAMES[*name].to_owned(), sha256: version.to_string(), body: None })
            }
        }
    }

    /// One round, and its laws.
    fn sync(&mut self, name: &str) {
        let claims = self.claims();
        let Some(own) = claims.iter().find(|claim| claim.name == name).cloned() else { return };
        let others: Vec<Claim<'_>> = claims.iter().filter(|claim| claim.name != name).cloned().collect();
        let round = self.read(&own);
        let held: BTreeMap<String, Held> =
            self.cluster.iter().map(|(name, allowlist)| (name.clone(), allowlist.held.clone())).collect();
        let planned = plan(&own, &others, &round, &held);
        let rivals = rivals(&own, others.iter().cloned(), &round);
        assert_eq!(planned, plan(&own, &rivals, &round, &held));
        let Plan { files, removals } = planned;
        let before = self.cluster.clone();
        let mut after = self.cluster.clone();
        let mut done = BTreeSet::new();
        for (path, step) in &files {
            if let (Step::Install(contents), false) = (step, self.unwritable) {
                let file = Some(Location::new(None, path).to_string());
                let held = Held { owner: Some(own.uid.to_owned()), file };
                let version = contents.sha256.parse().unwrap();
                after.insert(contents.name.clone(), Allowlist { held, version });
                done.insert(*path);
            }
        }
        for removal in &removals {
            if removal.after.is_none_or(|file| done.contains(file)) {
                after.remove(removal.name);
            }
        }
        for (allowlist, old) in &before {
            if after.get(allowlist) == Some(old) {
                continue;
            }
            assert!(old.held.owner.is_some(), "a foreign object was touched: {allowlist}");
            let owner = others.iter().find(|other| Some(other.uid) == old.held.owner.as_deref());
            assert!(
                owner.is_none_or(|owner| !owner.is_older_than(&own)),
                "{allowlist} was taken from an older one"
            );
            if !after.contains_key(allowlist) {
                let file = old.held.file.as_deref().unwrap();
                let named = own.covers(&Location::new(None, file));
                let explicitly = own.paths.contains(&file);
                let fails = match self.files.get(file) {
                    Some(File::Invalid | File::Unreadable) => true,
                    Some(File::Good(..)) => self.unlistable && !explicitly,
                    None => self.unlistable || explicitly,
                };
                assert!(!named || !fails, "{allowlist} went because something failed");
                if let Some(File::Good(now, _)) = self.files.get(file).filter(|_| named) {
                    assert!(after.contains_key(NAMES[*now]), "{allowlist} went before its successor came");
                }
            }
        }
        // After a round, whatever it holds is named by its spec, or waits for a write that failed.
        for (allowlist, found) in
            after.iter().filter(|(_, found)| found.held.owner.as_deref() == Some(own.uid))
        {
            let file = Location::new(None, found.held.file.as_deref().unwrap());
            let wanted =
                || round.files.values().any(|read| read.as_ref().is_ok_and(|read| read.name == *allowlist));
            let waits = self.unwritable && wanted();
            assert!(own.covers(&file) || waits, "{allowlist} is in force, and no path names it");
        }
        self.cluster = after;
    }

    fn apply(&mut self, event: &Event) {
        self.clock += 1;
        match event {
            Event::Publish(file, Some(contents)) => {
                self.files.insert(FILES[*file], contents.clone());
            }
            Event::Publish(file, None) => {
                self.files.remove(FILES[*file]);
            }
            Event::Apply(name, paths) => {
                let name = SYNCHRONIZERS[*name];
                let created = self.clock / 3;
                let uid = format!("{name}-{}", self.clock);
                let found = self.synchronizers.entry(name);
                found.or_insert(Synchronizer { uid, created, paths: BTreeSet::new() }).paths = paths.clone();
            }
            Event::Delete(name) => {
                if let Some(gone) = self.synchronizers.remove(SYNCHRONIZERS[*name]) {
                    self.cluster.retain(|_, found| found.held.owner.as_ref() != Some(&gone.uid));
                }
            }
            Event::Unlistable(unlistable) => self.unlistable = *unlistable,
            Event::Unwritable(unwritable) => self.unwritable = *unwritable,
            Event::Lose(name) => {
                self.cluster.remove(NAMES[*name]);
            }
            Event::Sync(name) => self.sync(SYNCHRONIZERS[*name]),
        }
    }

    /// What must be in force in the end, if nothing fails and no older version stays: for each name, the file.
    fn converged(&mut self) {
        self.unlistable = false;
        self.unwritable = false;
        for file in self.files.values_mut().filter(|file| **file == File::Unreadable) {
            *file = File::Good(0, 9);
        }
        // A name can move along a chain of synchronizers, one round each.
        for _ in 0..6 {
            SYNCHRONIZERS.iter().for_each(|name| self.sync(name));
        }
        let stable = self.cluster.clone();
        SYNCHRONIZERS.iter().for_each(|name| self.sync(name));
        assert_eq!(stable, self.cluster, "further rounds change something");
        let claims = self.claims();
        for (file, contents) in &self.files {
            let File::Good(name, version) = contents else { continue };
            let location = Location::new(None, file);
            if !claims.iter().any(|claim| claim.covers(&location)) {
                continue;
            }
            let found = self.cluster.get(NAMES[*name]).unwrap_or_else(|| panic!("{file} is not in force"));
            let is_foreign = found.held.owner.is_none();
            let from_here = found.held.file.as_deref() == Some(*file);
            assert!(
                from_here || is_foreign || self.is_contested(*name, file),
                "{file} lost its name to nobody"
            );
            assert!(!from_here || found.version == *version, "{file} is in force in an older version");
        }
        for (name, found) in &self.cluster {
            let Some(owner) = &found.held.owner else { continue };
            let claim = claims.iter().find(|claim| claim.uid == *owner).expect("its synchronizer lives");
            assert!(
                claim.covers(&Location::new(None, found.held.file.as_deref().unwrap())),
                "nobody names {name}"
            );
        }
    }

    /// Whether another file wants the name, or did and is not valid now.
    fn is_contested(&self, name: usize, file: &str) -> bool {
        // Nobody's own object is never touched.
        let Some(holder) = self.cluster[NAMES[name]].held.file.as_deref() else { return true };
        holder != file
            && match self.files.get(holder) {
                Some(File::Good(other, _)) => *other == name || self.is_contested(*other, holder),
                _ => true,
            }
    }
}

fn event() -> impl Strategy<Value = Event> {
    let file = prop_oneof![
        4 => (0..NAMES.len(), 0..3_u8).prop_map(|(name, version)| File::Good(name, version)),
        1 => Just(File::Invalid),
        1 => Just(File::Unreadable),
    ];
    let paths = prop::collection::btree_set(0..PATHS.len(), 0..3);
    prop_oneof![
        4 => (0..FILES.len(), prop::option::weighted(0.8, file)).prop_map(|(at, file)| Event::Publish(at, file)),
        3 => (0..SYNCHRONIZERS.len(), paths).prop_map(|(at, paths)| Event::Apply(at, paths)),
        1 => (0..SYNCHRONIZERS.len()).prop_map(Event::Delete),
        1 => any::<bool>().prop_map(Event::Unlistable),
        1 => any::<bool>().prop_map(Event::Unwritable),
        1 => (0..NAMES.len()).prop_map(Event::Lose),
        6 => (0..SYNCHRONIZERS.len()).prop_map(Event::Sync),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_cluster_converges_and_nothing_good_goes(
        foreign in prop::option::of(0..NAMES.len()),
        events in prop::collection::vec(event(), 0..40),
    ) {
        let mut world = World::default();
        if let Some(name) = foreign {
            let held = Held { owner: None, file: None };
            world.cluster.insert(NAMES[name].to_owned(), Allowlist { held, version: 0 });
        }
        events.iter().for_each(|event| world.apply(event));
        world.converged();
    }
}
