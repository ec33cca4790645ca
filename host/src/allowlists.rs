//! The files of allowlists that count as installed.

use std::collections::HashSet;

use hallpass_report::is_foreign;

use crate::input::{self, Input};
use crate::output::Report;

/// Reads the files, and omits those in searched folders that contain no Kubernetes object.
pub(crate) fn read<'i>(inputs: &'i [Input], report: &mut Report) -> Vec<(&'i str, Vec<u8>)> {
    let found: HashSet<&str> = inputs.iter().filter(|input| !input.is_named()).map(Input::name).collect();
    let mut sources = input::read_all(inputs, &mut report.errors);
    sources.retain(|(name, bytes)| {
        let foreign = found.contains(name) && is_foreign(bytes);
        if foreign {
            report.skip_file((*name).to_owned());
        }
        !foreign
    });
    sources
}
