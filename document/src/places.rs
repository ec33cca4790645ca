//! An index to look up the items of a list by name.

use crate::order::sorted;

/// Up to this many items, a scan is as fast as a search, and needs no index.
const SCANNED: usize = 16;

/// The positions of the items by key; empty for a list that is short enough to scan.
#[derive(Clone, Debug, Default)]
pub struct Places<'v>(Vec<(&'v str, &'v str, usize)>);

impl<'v> Places<'v> {
    /// Builds the index of a list with these keys.
    #[must_use]
    pub fn of(keys: impl ExactSizeIterator<Item = (&'v str, &'v str)>) -> Self {
        if keys.len() <= SCANNED {
            return Places::default();
        }
        Places(sorted(keys.enumerate().map(|(place, (one, other))| (one, other, place)).collect()))
    }

    /// Whether the list is long enough for an index.
    #[must_use]
    pub fn is_built(&self) -> bool {
        !self.0.is_empty()
    }

    /// Returns the positions in a list of `length` items where the key may be. The caller compares the items.
    pub fn candidates(&self, key: (&str, &str), length: usize) -> impl Iterator<Item = usize> {
        let start = self.0.partition_point(|(one, other, _)| (*one, *other) < key);
        let from = self.0.get(start..).unwrap_or_default();
        let count = from.partition_point(|(one, other, _)| (*one, *other) == key);
        let found = from.get(..count).unwrap_or_default().iter().map(|(_, _, place)| *place);
        (0..if self.is_built() { 0 } else { length }).chain(found)
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn finds_what_a_scan_finds_in_the_order_of_the_list() {
        for length in [0, 1, 16, 17, 100] {
            let names: Vec<String> = (0..length).map(|index| (index % 7).to_string()).collect();
            let keys: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
            let places = Places::of(keys.iter().copied());
            for name in ["0", "3", "6", "7", ""] {
                for other in ["x", "y"] {
                    let has_name = |place: &usize| keys[*place] == (name, other);
                    let found: Vec<usize> =
                        places.candidates((name, other), length).filter(has_name).collect();
                    assert_eq!(
                        found,
                        (0..length).filter(has_name).collect::<Vec<_>>(),
                        "{name} {other} of {length}"
                    );
                }
            }
        }
    }
}
