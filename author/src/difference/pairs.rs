//! Pairs the allowlists of two folders that are versions of each other.

use hallpass_policy::version_suffix_stripped;

/// Two versions of an allowlist, as indexes into the lists of names; one of them may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionPair {
    /// The old version.
    pub old: Option<usize>,
    /// The new version.
    pub new: Option<usize>,
}

/// Pairs allowlists by their names: equal ones first, then those that differ only in the version at the end. A version that
/// is added next to an old one is compared with it. If both sides have exactly one allowlist, these are a pair. Names are unique
/// on each side.
#[must_use]
pub fn pairs(old: &[&str], new: &[&str]) -> Vec<VersionPair> {
    let mut partners: Vec<Option<usize>> =
        new.iter().map(|name| position(old, |other| other == *name)).collect();
    if let ([_], [_]) = (old, new) {
        partners = vec![Some(0)];
    }
    for index in 0..new.len() {
        let Some((name, None)) = new.get(index).zip(partners.get(index)) else { continue };
        let stem = version_suffix_stripped(name);
        // The last in the order of names, which is most likely the newest. Prefer one that is replaced to one that stays.
        let versions =
            old.iter().enumerate().rev().filter(|(_, other)| version_suffix_stripped(other) == stem);
        let is_replaced = |candidate: usize| !partners.contains(&Some(candidate));
        let nearest = versions
            .clone()
            .find(|(candidate, _)| is_replaced(*candidate))
            .or_else(|| versions.clone().next());
        if let (Some(partner), Some((candidate, _))) = (partners.get_mut(index), nearest) {
            *partner = Some(candidate);
        }
    }
    let removed = (0..old.len()).filter(|index| !partners.contains(&Some(*index)));
    let removed: Vec<VersionPair> =
        removed.map(|index| VersionPair { old: Some(index), new: None }).collect();
    let kept = partners.into_iter().enumerate().map(|(new, old)| VersionPair { old, new: Some(new) });
    kept.chain(removed).collect()
}

/// Pairs only allowlists with equal names: any other allowlist is new.
#[must_use]
pub fn namesakes(old: &[&str], new: &[&str]) -> Vec<VersionPair> {
    let added = new
        .iter()
        .enumerate()
        .map(|(index, name)| VersionPair { old: position(old, |other| other == *name), new: Some(index) });
    let is_removed = |name: &str| position(new, |other| other == name).is_none();
    let removed = old.iter().enumerate().filter(|(_, name)| is_removed(name));
    added.chain(removed.map(|(index, _)| VersionPair { old: Some(index), new: None })).collect()
}

fn position(names: &[&str], is_wanted: impl Fn(&str) -> bool) -> Option<usize> {
    names.iter().position(|name| is_wanted(name))
}

#[cfg(test)]
mod tests {
    use super::{VersionPair, namesakes, pairs};

    fn shown(old: &[&str], new: &[&str], pairs: &[VersionPair]) -> Vec<String> {
        let name = |names: &[&str], index: Option<usize>| index.map_or("-", |index| names[index]).to_owned();
        pairs.iter().map(|pair| format!("{} {}", name(old, pair.old), name(new, pair.new))).collect()
    }

    #[test]
    fn an_added_allowlist_has_no_namesake() {
        let shown = |old: &[&str], new: &[&str]| shown(old, new, &namesakes(old, new));
        assert_eq!(shown(&["a-v1"], &["a-v1", "a-v2"]), ["a-v1 a-v1", "- a-v2"]);
        assert_eq!(shown(&["a", "b"], &["b"]), ["b b", "a -"]);
    }

    #[test]
    fn versions_of_one_allowlist_are_a_pair() {
        let shown = |old: &[&str], new: &[&str]| shown(old, new, &pairs(old, new));
        assert_eq!(shown(&["a-v1"], &["a-v2"]), ["a-v1 a-v2"]);
        assert_eq!(shown(&["a"], &["b"]), ["a b"], "the only ones");
        assert_eq!(shown(&["a-v1", "b"], &["a-v1", "a-v2"]), ["a-v1 a-v1", "a-v1 a-v2", "b -"]);
        assert_eq!(shown(&["a-v1", "a-v2"], &["a-v3", "c"]), ["a-v2 a-v3", "- c", "a-v1 -"]);
        assert_eq!(shown(&[], &["a"]), ["- a"]);
    }
}
