//! Reads the files to lint.

use std::path::PathBuf;

use hallpass_document::Value;
use hallpass_lint::{Source, objects};
use hallpass_report::is_object;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::own;
use crate::input::{self, Input, Purpose};
use crate::output::Problem;

/// Every object to lint contains one of these texts, in lower case.
const SIGNS: [&str; 4] = ["auto.gke.io", "workloadallowlist", "allowlistsynchronizer", "hallpass"];

/// The files of a run.
pub(super) struct Texts {
    pub(super) files: Vec<Text>,
    pub(super) errors: Vec<Problem>,
}

/// A file.
pub(super) struct Text {
    name: String,
    bytes: Vec<u8>,
    /// Whether the user named the file, instead of a folder that contains it.
    is_named: bool,
}

/// The documents of the files.
#[derive(Default)]
pub(super) struct Read<'t> {
    pub(super) sources: Vec<Source<'t>>,
    pub(super) errors: Vec<Problem>,
    /// The number of files in searched folders without an object to lint.
    pub(super) skipped: usize,
}

pub(super) fn texts(paths: &[PathBuf]) -> Texts {
    let selected = input::select(paths, Purpose::Files);
    let mut errors: Vec<Problem> = selected.errors.into_iter().chain(selected.barren).collect();
    let mut files = Vec::with_capacity(selected.inputs.len());
    let texts: Vec<_> = selected.inputs.par_iter().map(Input::read).collect();
    for (input, text) in selected.inputs.iter().zip(texts) {
        match text {
            Ok(bytes) => {
                files.push(Text { name: input.name().to_owned(), bytes, is_named: input.is_named() });
            }
            Err(problem) => errors.push(*problem),
        }
    }
    Texts { files, errors }
}

/// Reads every document. A file that the user did not name may be unreadable if it has no object to lint, such as the template
/// of a chart.
pub(super) fn documents(files: &[Text]) -> Read<'_> {
    let mut read = Read::default();
    let all: Vec<_> = files.par_iter().map(|file| (file, self::file(file))).collect();
    for (file, (source, errors)) in all {
        let holds_object = || source.documents.iter().any(|document| is_linted(document.root()));
        if file.is_named || holds_object() || !errors.is_empty() && has_sign(&file.bytes) {
            read.errors.extend(errors);
            read.sources.push(source);
        } else {
            read.skipped += 1;
        }
    }
    read
}

fn file(file: &Text) -> (Source<'_>, Vec<Problem>) {
    // Duplicate keys in workloads matter to `hallpass check`.
    let (mut source, errors) = Source::read(&file.name, &file.bytes, |root, _| is_linted(root));
    if !file.is_named {
        // Values of charts, and settings of other programs.
        source.documents.retain(|document| is_object(document.root()));
    }
    (source, errors)
}

/// Whether a document contains an object to lint.
fn is_linted(root: &Value<'_>) -> bool {
    objects(root) > 0 || own::Kind::of(root).is_some()
}

/// Whether a file that cannot be read may contain an object to lint, also in UTF-16, which the reader rejects.
fn has_sign(bytes: &[u8]) -> bool {
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
}
