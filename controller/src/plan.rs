//! Decides what a synchronizer installs and uninstalls. Pure: no clock, no network.
//!
//! Property tests check three invariants: an allowlist that no path names is uninstalled; a failure never uninstalls a valid
//! one; and if two synchronizers want the same file or name, the older one gets it.

use std::collections::BTreeMap;

use crate::claim::{Claim, covers};
use crate::contents::Contents;
use crate::location::Location;
use crate::round::{PathProblem, Round};

/// A WorkloadAllowlist in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The UID of the synchronizer that installed it. `None` if no synchronizer did.
    pub owner: Option<String>,
    /// The file from which it was installed.
    pub file: Option<String>,
}

/// The plan of a round.
#[derive(Debug, PartialEq)]
pub struct Plan<'r> {
    /// The step for each file of the round, by path.
    pub files: BTreeMap<&'r str, Step<'r>>,
    /// The allowlists to uninstall.
    pub removals: Vec<Removal<'r>>,
}

/// The step for a file.
#[derive(Debug, PartialEq)]
pub enum Step<'r> {
    /// Create or replace its allowlist.
    Install(&'r Contents),
    /// Leave everything as it is, for this reason.
    Refuse(String),
}

/// An allowlist to uninstall.
#[derive(Debug, PartialEq, Eq)]
pub struct Removal<'r> {
    /// Its name.
    pub name: &'r str,
    /// The file that now has an allowlist of another name. Uninstall only if that allowlist is in force.
    pub after: Option<&'r str>,
}

/// Returns the other live synchronizers on which a plan depends: those that are older, with their paths that cover a file of
/// the round.
pub fn rivals<'s>(own: &Claim<'_>, others: impl Iterator<Item = Claim<'s>>, round: &Round) -> Vec<Claim<'s>> {
    let older = others.filter(|other| other.is_older_than(own));
    let reduced = older.map(|mut other| {
        other.paths.retain(|path| round.files.keys().any(|file| covers(path, file)));
        other
    });
    reduced.collect()
}

/// Plans a round of `own`. `others` contains at least its [`rivals`]. `installed` contains the allowlists that it holds, and
/// those with the names of the allowlists in its files.
#[must_use]
pub fn plan<'r>(
    own: &Claim<'_>,
    others: &[Claim<'_>],
    round: &'r Round,
    installed: &'r BTreeMap<String, Held>,
) -> Plan<'r> {
    let mut files = BTreeMap::new();
    for (path, read) in &round.files {
        let step = match read {
            Err(unusable) => Step::Refuse(unusable.message.clone()),
            Ok(contents) => match refusal(own, others, round, installed, path, contents) {
                Some(reason) => Step::Refuse(reason),
                None => Step::Install(contents),
            },
        };
        files.insert(path.as_str(), step);
    }
    let removals = removals(own, round, installed, &files);
    Plan { files, removals }
}

/// Returns the reason not to install the allowlist from a valid file, if any.
fn refusal(
    own: &Claim<'_>,
    others: &[Claim<'_>],
    round: &Round,
    installed: &BTreeMap<String, Held>,
    path: &str,
    contents: &Contents,
) -> Option<String> {
    let name = &contents.name;
    if let Some(older) = older_for(own, others, path) {
        return Some(format!("the file belongs to synchronizer `{}`, which is older", older.name));
    }
    let held = installed.get(name);
    let namesakes = round
        .files
        .iter()
        .filter_map(|(path, read)| Some((path, read.as_ref().ok()?)))
        .filter(|(path, other)| other.name == *name && older_for(own, others, path).is_none());
    let holds = |path: &str| {
        held.is_some_and(|held| {
            held.owner.as_deref() == Some(own.uid)
                && held.file.as_deref() == Some(&*Location::new(own.bucket, path).to_string())
        })
    };
    // The one that is in force, or else the first.
    let chosen = namesakes.map(|(path, _)| path.as_str()).min_by_key(|path| (!holds(path), *path));
    if let Some(chosen) = chosen.filter(|chosen| *chosen != path) {
        return Some(format!("the allowlist in `{chosen}` has the same name, `{name}`"));
    }
    let held = held?;
    let Some(owner) = held.owner.as_deref() else {
        return Some(format!("the cluster has a WorkloadAllowlist `{name}` that no synchronizer installed"));
    };
    let older = others.iter().find(|other| other.uid == owner && other.is_older_than(own))?;
    let file = held.file.as_deref().unwrap_or("another file");
    Some(format!("synchronizer `{}`, which is older, has installed `{name}` from `{file}`", older.name))
}

/// Returns the older synchronizer to which a file belongs, if any.
fn older_for<'o, 's>(own: &Claim<'_>, others: &'o [Claim<'s>], path: &str) -> Option<&'o Claim<'s>> {
    let file = Location::new(own.bucket, path);
    others.iter().find(|other| other.is_older_than(own) && other.covers(&file))
}

fn removals<'r>(
    own: &Claim<'_>,
    round: &'r Round,
    installed: &'r BTreeMap<String, Held>,
    files: &BTreeMap<&'r str, Step<'r>>,
) -> Vec<Removal<'r>> {
    let installs = |name: &str| {
        files.values().any(|step| matches!(step, Step::Install(contents) if contents.name == name))
    };
    let is_own = |held: &Held| held.owner.as_deref() == Some(own.uid);
    let mut removals = Vec::new();
    for (name, held) in installed.iter().filter(|(name, held)| is_own(held) && !installs(name)) {
        let file = held.file.as_deref().and_then(|file| below(own, file));
        match fate(own, round, installed, files, file) {
            Fate::Stays => {}
            Fate::Goes => removals.push(Removal { name, after: None }),
            Fate::ReplacedBy(file) => removals.push(Removal { name, after: Some(file) }),
        }
    }
    removals
}

enum Fate<'r> {
    Stays,
    Goes,
    /// The file now has an allowlist of another name.
    ReplacedBy(&'r str),
}

/// Decides about an allowlist whose name no file has in this round.
fn fate<'r>(
    own: &Claim<'_>,
    round: &'r Round,
    installed: &BTreeMap<String, Held>,
    files: &BTreeMap<&'r str, Step<'r>>,
    file: Option<&str>,
) -> Fate<'r> {
    // Not from this bucket, or of unknown origin.
    let Some(file) = file else { return Fate::Goes };
    let is_refused = |path: &str| {
        round.paths.iter().any(|(refused, why)| refused == path && matches!(why, PathProblem::Refused(_)))
    };
    if !own.paths.iter().any(|path| covers(path, file) && !is_refused(path)) {
        return Fate::Goes;
    }
    match files.get_key_value(file) {
        Some((file, Step::Install(_))) => Fate::ReplacedBy(file),
        Some((_, Step::Refuse(_))) => match round.files.get(file) {
            Some(Ok(contents)) if installed_from(own, installed, file, contents) => Fate::Goes,
            _ => Fate::Stays,
        },
        None => {
            let unlisted = round
                .paths
                .iter()
                .any(|(path, why)| matches!(why, PathProblem::Unlisted(_)) && covers(path, file));
            if unlisted { Fate::Stays } else { Fate::Goes }
        }
    }
}

/// Whether another synchronizer has installed the allowlist that the file contains now.
fn installed_from(
    own: &Claim<'_>,
    installed: &BTreeMap<String, Held>,
    path: &str,
    contents: &Contents,
) -> bool {
    let file = Location::new(own.bucket, path).to_string();
    let is_others = |held: &Held| held.owner.as_deref() != Some(own.uid) && held.file.as_ref() == Some(&file);
    installed.get(&contents.name).is_some_and(is_others)
}

/// Returns the path of a file in the synchronizer's own repository or bucket; `None` for a file elsewhere.
pub(crate) fn below<'f>(own: &Claim<'_>, file: &'f str) -> Option<&'f str> {
    match own.bucket {
        Some(bucket) => file.strip_prefix("gs://")?.strip_prefix(bucket)?.strip_prefix('/'),
        None => (!file.starts_with("gs://")).then_some(file),
    }
}
