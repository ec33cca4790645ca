//! `hallpass mirror`: manifests whose images come from another registry.

mod check;
mod notes;
mod read;
mod script;

use std::collections::BTreeSet;
use std::path::Path;

use clap::error::ErrorKind;
use hallpass_author::Unedited;
use hallpass_author::mirror::{self, Copied, rewrite};
use hallpass_report::{Installed, parse_all};

use crate::allowlists;
use crate::cli::Mirror;
use crate::exit::Exit;
use crate::input::{self, Caller, Purpose};
use crate::output::{Problem, Report, file, pretty, write_stdout};
use crate::reads::stdin_twice;
use crate::text::{counted, visible};
use notes::notes;
use read::{File, files, sources};

/// A file and its new text.
struct Rewritten<'s> {
    file: &'s File<'s>,
    text: String,
}

pub(crate) fn run(arguments: &Mirror) -> Exit {
    if let Some(message) = conflict(arguments) {
        return super::usage("mirror", ErrorKind::ArgumentConflict, &message);
    }
    let mut report = Report::default();
    let inputs =
        input::select(&arguments.allowlists, Purpose::Allowlists(Caller::Mirror)).inputs(&mut report.errors);
    let texts = allowlists::read(&inputs, &mut report);
    let parsed = parse_all(input::texts(&texts), &mut report.errors);
    let installed = Installed::new(&parsed, &arguments.allowlists, &mut report);

    let inputs = input::select_manifests(&arguments.paths, &[], Caller::Mirror).inputs(&mut report.errors);
    let is_printed = !arguments.write && !arguments.check && arguments.script.is_none();
    if is_printed && report.errors.is_empty() && !matches!(inputs.as_slice(), [one] if one.is_named()) {
        let message = "only the result of one file is printed: add `--write` to replace files, `--check`, or `--script`";
        return super::usage("mirror", ErrorKind::MissingRequiredArgument, message);
    }
    let sources = sources(&inputs, &mut report.errors);
    let mirror = mirror::Mirror {
        registry: &arguments.registry,
        keep_registry: arguments.keep_registry,
        pins: arguments.pin_from_allowlist.then_some(&installed.set),
    };
    let files = files(&sources, &mirror, &mut report.errors);
    if !report.errors.is_empty() {
        return pretty::print_errors(&report.errors, Exit::Input);
    }
    let notes = notes(&files);
    if let Some(copier) = arguments.script {
        let images: BTreeSet<Copied> =
            files.iter().flat_map(File::changes).map(|(_, change)| change.into()).collect();
        pretty::print_notes(&notes);
        return write_stdout(script::script(copier, &images).as_bytes(), Exit::Success);
    }
    let rewritten = match rewritten(&files) {
        Ok(rewritten) => rewritten,
        Err((errors, exit)) => return pretty::print_errors(&errors, exit),
    };
    if arguments.check {
        report.notes.extend(notes);
        let exit = check::check(&rewritten, &installed, report);
        return if exit == Exit::Success && arguments.write { write(&rewritten) } else { exit };
    }
    pretty::print_notes(&notes);
    match rewritten.as_slice() {
        _ if arguments.write => write(&rewritten),
        [one] => write_stdout(one.text.as_bytes(), Exit::Success),
        _ => Exit::Internal,
    }
}

/// Checks the use of stdin, which can be read only once, and not be replaced, and that no argument would be ignored.
fn conflict(arguments: &Mirror) -> Option<String> {
    if let Some(message) = stdin_twice(arguments.paths.iter().chain(&arguments.allowlists)) {
        return Some(message.to_owned());
    }
    if arguments.write
        && let Some(message) = file::irreplaceable("--write", &arguments.paths)
    {
        return Some(message);
    }
    let is_unused = !arguments.allowlists.is_empty() && !arguments.check && !arguments.pin_from_allowlist;
    is_unused.then(|| {
        "allowlists are only read for `--check` and `--pin-from-allowlist`: add one of them".to_owned()
    })
}

/// Returns the new texts of all files.
fn rewritten<'s>(files: &'s [File<'s>]) -> Result<Vec<Rewritten<'s>>, (Vec<Problem>, Exit)> {
    let (mut rewritten, mut errors, mut exit) = (Vec::new(), Vec::new(), Exit::Input);
    for file in files {
        let documents: Vec<_> =
            file.documents.iter().map(|(parsed, plan)| (&parsed.document, plan.changes.as_slice())).collect();
        match rewrite(&file.source.bytes, &documents) {
            Ok(text) => rewritten.push(Rewritten { file, text }),
            Err(Unedited::Refused(refused)) => errors.extend(refused.iter().filter_map(|(index, fault)| {
                file.documents.get(*index).map(|(parsed, _)| parsed.problem(fault))
            })),
            Err(Unedited::Altered) => {
                errors.push(super::altered(file.source.input.name()));
                exit = Exit::Internal;
            }
        }
    }
    if errors.is_empty() { Ok(rewritten) } else { Err((errors, exit)) }
}

/// Replaces the files that change, all or none, and prints the changes.
fn write(rewritten: &[Rewritten<'_>]) -> Exit {
    let is_new = |one: &&Rewritten<'_>| one.text.as_bytes() != one.file.source.bytes;
    let changed: Vec<&Rewritten<'_>> = rewritten.iter().filter(is_new).collect();
    let files: Vec<(&Path, &[u8])> =
        changed.iter().map(|one| (Path::new(one.file.source.input.name()), one.text.as_bytes())).collect();
    if let Err(problem) = file::replace_all(&files) {
        return pretty::print_error(&problem, Exit::Input);
    }
    let (mut text, mut images) = (String::new(), 0);
    for (parsed, change) in changed.iter().flat_map(|one| one.file.changes()) {
        images += 1;
        let line = parsed.document.locate(&change.path).line;
        let (name, container) = (visible(parsed.file), visible(&change.container));
        text.push_str(&format!(
            "{name}:{line} {container}: {} -> {}\n",
            visible(&change.written),
            change.reference()
        ));
    }
    text.push_str(&match changed.len() {
        0 => "every image is in the registry already\n".to_owned(),
        files => format!("{} rewritten in {}\n", counted(images, "image"), counted(files, "file")),
    });
    write_stdout(text.as_bytes(), Exit::Success)
}
