//! `hallpass explain`: sections of docs/semantics.md.

use super::prose::{Piece, plain};
use super::style::{FAINT, STRONG, width};
use super::table::Table;
use super::{blank_line, markdown};
use crate::exit::Exit;
use crate::output::write_styled;
use crate::semantics::{Section, constraints};

/// Prints each section in full.
pub(crate) fn print_sections(sections: &[Section]) -> Exit {
    let width = width();
    let mut text = String::new();
    for section in sections {
        blank_line(&mut text);
        markdown::render(section.text, width, &mut text);
    }
    print(text)
}

/// Prints one line per section.
pub(crate) fn print_list(sections: &[Section]) -> Exit {
    let constraints = constraints();
    let row = |section: &Section| {
        let id = vec![Piece { style: STRONG, text: section.id.to_string() }];
        let mut title = plain(section.title.replace('`', ""));
        let bans = constraints.iter().filter(|(_, bans)| bans.id == section.id);
        let bans: Vec<&str> = bans.map(|(constraint, _)| *constraint).collect();
        if !bans.is_empty() {
            title.push(Piece { style: FAINT, text: format!(": {}", bans.join(", ")) });
        }
        vec![id, title]
    };
    let table = Table { head: Vec::new(), rows: sections.iter().map(row).collect() };
    let mut text = String::new();
    table.render(width(), 0, &mut text);
    print(text)
}

fn print(mut text: String) -> Exit {
    text.truncate(text.trim_end().len());
    text.push('\n');
    write_styled(&text, Exit::Success)
}
