//! The storage format of groups and cases. The build script writes the data.
//!
//! A number is stored in as many bytes as it needs: seven bits each, the most significant first, and the eighth bit is
//! set in all bytes but the last. Characters are sorted, so only their distances are stored.

use std::iter;

/// For each group, its length in bytes, then its ranges: the number of characters before a range, and the number after
/// its first character.
const GROUPS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/unicode-groups.bin"));

/// Runs of characters whose next case has the same distance: the number of characters before a run, the number after
/// its first character, and twice the distance to the next case, plus one if it is backward.
const CASES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/unicode-cases.bin"));

/// Returns the groups, each as the code points `low..=high` of its ranges.
pub(super) fn groups() -> impl Iterator<Item = impl Iterator<Item = (u32, u32)>> {
    let mut numbers = Numbers(GROUPS);
    iter::from_fn(move || {
        let length = numbers.next()? as usize;
        let (group, rest) = numbers.0.split_at_checked(length)?;
        numbers.0 = rest;
        let mut group = Numbers(group);
        let mut end = 0;
        Some(iter::from_fn(move || group.range(&mut end)))
    })
}

/// Returns the characters that have other cases, each with the next of them.
pub(super) fn cases() -> impl Iterator<Item = (char, char)> {
    let mut numbers = Numbers(CASES);
    let mut end = 0;
    let runs = iter::from_fn(move || Some((numbers.range(&mut end)?, numbers.next()?)));
    runs.flat_map(|((low, high), distance)| {
        (low..=high).filter_map(move |code| {
            let next = if distance & 1 == 0 { code + distance / 2 } else { code.checked_sub(distance / 2)? };
            Some((char::from_u32(code)?, char::from_u32(next)?))
        })
    })
}

struct Numbers<'d>(&'d [u8]);

impl Numbers<'_> {
    /// Reads a range; `end` is the code point after the previous range.
    fn range(&mut self, end: &mut u32) -> Option<(u32, u32)> {
        let low = *end + self.next()?;
        let high = low + self.next()?;
        *end = high + 1;
        Some((low, high))
    }
}

impl Iterator for Numbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut number = 0;
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number = number << 7 | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
    }
}
