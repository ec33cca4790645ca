//! `hallpass explain [ID]...`

use crate::exit::Exit;
use crate::output::pretty::explain::{print_list, print_sections};
use crate::semantics::{Section, sections};

pub(crate) fn run(asked: &[Section]) -> Exit {
    if asked.is_empty() { print_list(&sections()) } else { print_sections(asked) }
}
