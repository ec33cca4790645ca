//! `hallpass explain`: sections of the documentation.

use super::prose::{Piece, plain};
use super::style::{FAINT, STRONG, styled, width};
use super::table::Table;
use super::{blank_line, markdown};
use crate::exit::Exit;
use crate::output::write_styled;
use crate::semantics::{Page, Section, constraints};

/// Prints each section in full.
pub(crate) fn print_sections(sections: &[Section]) -> Exit {
    let width = width();
    let mut text = String::new();
    for section in sections {
        blank_line(&mut text);
        markdown::render(&section.text, width, &mut text);
    }
    print(text)
}

/// Prints one line per section, below the title of its document.
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
    let mut text = String::new();
    for page in Page::ALL {
        blank_line(&mut text);
        text.push_str(&format!("{}\n", styled(STRONG, heading(page))));
        let rows = sections.iter().filter(|section| section.page == page).map(row).collect();
        Table { head: Vec::new(), rows }.render(width(), INDENT, &mut text);
    }
    print(text)
}

/// The indentation of the lines below a title.
const INDENT: usize = 2;

fn heading(page: Page) -> &'static str {
    match page {
        Page::Semantics => "How workloads are evaluated:",
        Page::Lint => "Rules of `hallpass lint`:",
        Page::Authors => "Classes of differences, for `hallpass diff`:",
    }
}

fn print(mut text: String) -> Exit {
    text.truncate(text.trim_end().len());
    text.push('\n');
    write_styled(&text, Exit::Success)
}
