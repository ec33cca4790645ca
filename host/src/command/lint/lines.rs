//! The lines of files as they were before a run that changes them.

use std::collections::HashMap;

/// For each changed file, the numbers that its lines had before the run.
#[derive(Debug, Default)]
pub(super) struct Lines(HashMap<String, Vec<usize>>);

impl Lines {
    /// Returns the number that a line of a file had.
    pub(super) fn before(&self, file: &str, line: usize) -> usize {
        let lines = self.0.get(file);
        lines.and_then(|lines| lines.get(line.checked_sub(1)?).copied()).unwrap_or(line)
    }

    /// Records a change of a file, with the number that each of its lines had before the change.
    pub(super) fn change(&mut self, file: &str, lines: &[usize]) {
        let lines = lines.iter().map(|line| self.before(file, *line)).collect();
        self.0.insert(file.to_owned(), lines);
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn changes_are_combined() {
        let mut lines = Lines::default();
        assert_eq!(lines.before("a", 3), 3);
        lines.change("a", &[1, 3, 4, 5]);
        lines.change("a", &[1, 2, 4]);
        assert_eq!([1, 2, 3].map(|line| lines.before("a", line)), [1, 3, 5]);
        assert_eq!(lines.before("b", 3), 3);
    }
}
