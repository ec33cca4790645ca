//! Tables that fit the terminal.

use super::prose::{Piece, extent, lines};
use super::style::{FAINT, styled};

/// Blanks between two columns.
const GAP: usize = 2;

type Cell = Vec<Piece>;

/// A table. A row may have fewer cells than the head.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) head: Vec<Cell>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn render(&self, width: usize, indent: usize, text: &mut String) {
        let widths = self.widths(width.saturating_sub(indent));
        if self.head.iter().any(|cell| !cell.is_empty()) {
            let mut head = String::new();
            row(&self.head, &widths, indent, &mut head);
            let plain = anstream::adapter::strip_str(&head).to_string();
            for line in plain.lines() {
                text.push_str(&format!("{}\n", styled(FAINT, line)));
            }
        }
        for cells in &self.rows {
            row(cells, &widths, indent, text);
        }
    }

    /// Columns that fit keep their width. The others share the rest, so that words are split only if necessary.
    fn widths(&self, available: usize) -> Vec<usize> {
        let columns = self.rows.iter().chain([&self.head]).map(Vec::len).max().unwrap_or_default();
        let extents = |column: usize| {
            let cells = self.rows.iter().chain([&self.head]).filter_map(move |row| row.get(column));
            let (wide, words): (Vec<_>, Vec<_>) = cells.map(|cell| extent(cell)).unzip();
            (wide.into_iter().max().unwrap_or(1).max(1), words.into_iter().max().unwrap_or(1).max(1))
        };
        let extents: Vec<(usize, usize)> = (0..columns).map(extents).collect();
        let available = available.saturating_sub(GAP * columns.saturating_sub(1)).max(columns);
        let share = available / columns.max(1);
        let words: usize = extents.iter().map(|(_, word)| word).sum();
        let least =
            |(wide, word): &(usize, usize)| if words <= available { *word } else { share.min(*wide).max(1) };
        let mut widths: Vec<usize> = extents.iter().map(least).collect();
        let mut left = available.saturating_sub(widths.iter().sum());
        while left > 0 {
            // Widen the column whose longest cell needs the most lines.
            let needy = widths.iter_mut().zip(&extents).filter(|(width, (wide, _))| **width < *wide);
            let Some((width, _)) = needy.max_by_key(|(width, (wide, _))| wide * 100 / **width) else { break };
            *width += 1;
            left -= 1;
        }
        widths
    }
}

fn row(cells: &[Cell], widths: &[usize], indent: usize, text: &mut String) {
    let cells: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| lines(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    for index in 0..height {
        let mut line = " ".repeat(indent);
        let mut owed = 0;
        for (cell, width) in cells.iter().zip(widths) {
            let part = cell.get(index).filter(|part| part.width > 0);
            if let Some(part) = part {
                line.push_str(&" ".repeat(owed));
                line.push_str(&part.text);
                owed = 0;
            }
            owed += width + GAP - part.map_or(0, |part| part.width.min(*width));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::super::prose::plain;
    use super::Table;

    fn shown(width: usize) -> String {
        let table = Table {
            head: vec![plain("A"), plain("B")],
            rows: vec![vec![plain("one"), plain("two three four")], vec![plain("five")]],
        };
        let mut text = String::new();
        table.render(width, 1, &mut text);
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn columns_take_what_they_need() {
        assert_eq!(shown(80), " A     B\n one   two three four\n five\n");
    }

    #[test]
    fn and_share_what_there_is() {
        assert_eq!(shown(16), " A     B\n one   two three\n       four\n five\n");
        assert!(shown(3).lines().count() > 4);
    }
}
