//! `hallpass digests`: an allowlist that lists the digests of images.

mod images;
mod layout;
mod verify;

use std::path::Path;

use clap::error::ErrorKind;
use hallpass_author::Unedited;
use hallpass_author::digests::{ByContainer, Changed, Image, named, owners, write};
use hallpass_document::{Diagnostic, sha256_to_hex};
use hallpass_policy::Allowlist;
use hallpass_report::{Installed, Parsed, Wanted, parse_all};

use crate::cli::Digests;
use crate::exit::Exit;
use crate::output::{Problem, Report, file, pretty, write_stdout};
use crate::reads::stdin_twice;
use crate::source::Source;
use crate::text::{counted, visible};
use images::{Images, unlocated};

const ALLOWLIST: Wanted = Wanted { called: "the allowlist", kind: "WorkloadAllowlist" };

pub(crate) fn run(arguments: &Digests) -> Exit {
    if let Some(message) = conflict(arguments) {
        return super::usage("digests", ErrorKind::ArgumentConflict, &message);
    }
    let listed = Source::read(&arguments.allowlist, &ALLOWLIST, ", or `-` for stdin")
        .and_then(|source| Ok((source, Images::read(arguments)?)));
    let (source, images) = match listed {
        Ok(listed) => listed,
        Err(errors) => return pretty::print_errors(&errors, Exit::Input),
    };
    match edited(arguments, &source, &images) {
        Ok((text, changes)) => output(arguments, &source, &text, &changes),
        Err((errors, exit)) => pretty::print_errors(&errors, exit),
    }
}

/// Checks the use of stdin, which can be read only once, and not be replaced.
fn conflict(arguments: &Digests) -> Option<String> {
    if let Some(message) = stdin_twice([&arguments.allowlist, &arguments.from]) {
        return Some(message.to_owned());
    }
    arguments.write.then(|| file::irreplaceable("--write", [&arguments.allowlist])).flatten()
}

type Edited = (String, Vec<Changed>);

/// Returns the new text of the allowlist's file.
fn edited(arguments: &Digests, source: &Source, images: &Images) -> Result<Edited, (Vec<Problem>, Exit)> {
    let mut report = Report::default();
    let parsed = parse_all([(source.name.as_str(), source.bytes.as_slice())], &mut report.errors);
    let installed = Installed::new::<&Path>(&parsed, &[], &mut report);
    let refuse = |errors: Vec<Problem>| Err((errors, Exit::Input));
    if !report.errors.is_empty() {
        return refuse(report.errors);
    }
    let manifest = match installed.manifests.as_slice() {
        [manifest] => manifest,
        [] => {
            let help = "pass the file of your allowlist: `hallpass generate` writes one";
            return refuse(vec![Problem::new(&source.name, "contains no WorkloadAllowlist").help(help)]);
        }
        several => {
            let message = format!("the file contains {} allowlists", several.len());
            let help = "write each into a separate file: the digests are for one";
            return refuse(vec![Problem::new(&source.name, message).help(help)]);
        }
    };
    let is_in = |parsed: &Parsed<'_>| {
        parsed.document.get(&manifest.pointer).is_some_and(|value| std::ptr::eq(value, manifest.value))
    };
    let allowlist = manifest.name().and_then(|name| installed.set.named(name));
    let (Some(allowlist), Some(at)) = (allowlist, parsed.iter().position(is_in)) else {
        return Err((vec![super::altered(&source.name)], Exit::Internal));
    };
    let digests = by_container(arguments, images, allowlist).map_err(|errors| (errors, Exit::Input))?;
    let documents: Vec<_> = parsed.iter().map(|parsed| &parsed.document).collect();
    match write(&source.bytes, &documents, (at, &manifest.pointer), &digests, arguments.old.into()) {
        Ok(edited) => Ok(edited),
        Err(Unedited::Refused(refused)) => refuse(
            refused
                .iter()
                .filter_map(|(index, fault)| parsed.get(*index).map(|parsed| parsed.problem(fault)))
                .collect(),
        ),
        Err(Unedited::Altered) => Err((vec![super::altered(&source.name)], Exit::Internal)),
    }
}

/// Assigns the digests of each image to containers.
fn by_container(
    arguments: &Digests,
    images: &Images,
    allowlist: &Allowlist<'_>,
) -> Result<ByContainer, Vec<Problem>> {
    let (mut digests, mut errors) = (ByContainer::new(), Vec::new());
    let chosen = arguments.container.as_ref().map(|name| named(allowlist, name)).transpose();
    let chosen = chosen.map_err(|fault| vec![unlocated("", fault)])?;
    for image in &images.images {
        let containers = match (chosen, &image.repository) {
            (Some(name), _) => Ok(vec![name]),
            (None, Some(repository)) => owners(allowlist, repository),
            (None, None) => Err(nameless(image)),
        };
        match containers {
            Ok(names) => {
                for name in names {
                    digests.entry(name.to_owned()).or_default().extend(&image.digests);
                }
            }
            Err(fault) => errors.push(images.problem(image, fault)),
        }
    }
    if errors.is_empty() { Ok(digests) } else { Err(errors) }
}

fn nameless(image: &Image) -> Diagnostic {
    let digest = image.digests.first().map(sha256_to_hex).unwrap_or_default();
    let message =
        format!("the image of the digest `sha256:{digest}` is not named, so its container is unknown");
    Diagnostic::new(String::new(), message).help("name the container: `--container NAME`")
}

fn output(arguments: &Digests, source: &Source, text: &str, changes: &[Changed]) -> Exit {
    if !arguments.write {
        return write_stdout(text.as_bytes(), Exit::Success);
    }
    if text.as_bytes() != source.bytes
        && let Err(problem) = file::replace(&arguments.allowlist, text.as_bytes())
    {
        return pretty::print_error(&problem, Exit::Input);
    }
    let name = visible(&source.name);
    let mut lines: String = changes.iter().map(|change| format!("{name} {}\n", described(change))).collect();
    if changes.is_empty() {
        let how = if text.as_bytes() == source.bytes { "" } else { ", and they are sorted now" };
        lines = format!("{name} lists these digests already{how}\n");
    }
    write_stdout(lines.as_bytes(), Exit::Success)
}

/// `agent: 2 digests added, 1 kept`
fn described(change: &Changed) -> String {
    let mut parts = vec![format!("{} added", counted(change.added, "digest"))];
    for (count, word) in [(change.dropped, "dropped"), (change.kept, "kept")] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    format!("{}: {}", visible(&change.container), parts.join(", "))
}
