//! Notes on the rewritten manifests.

use std::collections::BTreeSet;

use hallpass_author::mirror::Change;
use hallpass_document::{Diagnostic, listed, sha256_to_hex};
use hallpass_report::Parsed;

use super::read::File;
use crate::output::Problem;
use crate::text::counted;

/// Returns the notes of a run.
pub(super) fn notes(files: &[File<'_>]) -> Vec<Problem> {
    let mut notes: Vec<Problem> = files.iter().flat_map(File::changes).filter_map(pinned).collect();
    let (mut skipped, mut kinds) = (0, BTreeSet::new());
    for (parsed, plan) in files.iter().flat_map(|file| &file.documents) {
        notes.extend(plan.unread.iter().map(|fault| parsed.problem(fault)));
        skipped += plan.skipped.len();
        kinds.extend(&plan.skipped);
    }
    if skipped > 0 {
        let kinds = listed(kinds.into_iter().map(|kind| format!("`{kind}`")), "and");
        let (objects, stay) = (counted(skipped, "object"), if skipped == 1 { "stays" } else { "stay" });
        notes.push(Problem::new("", format!("{objects} of other kinds {stay} unchanged: {kinds}")));
    }
    notes
}

/// Returns a note on the digest that an image gets from an allowlist.
fn pinned((parsed, change): (&Parsed<'_>, &Change)) -> Option<Problem> {
    let allowlist = change.pinned_by.as_ref()?;
    let message = format!(
        "image `{}` of container `{}` gets the only digest that the allowlist `{allowlist}` has for it: `sha256:{}`",
        change.written,
        change.container,
        sha256_to_hex(&change.digest)
    );
    let note = Diagnostic::new(change.path.clone(), message);
    let help = "check that this is the version that you want: the tag no longer counts";
    Some(parsed.problem(&note.help(help)))
}
