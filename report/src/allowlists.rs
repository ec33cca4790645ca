//! The allowlists that count as installed, with the data to point into their files.

use std::collections::HashMap;
use std::path::Path;

use hallpass_policy::{AllowlistSet, Manifest, Role, manifests};
use hallpass_reader::Document;

use crate::located::{LineIndex, absent, place, problem, read_problem};
use crate::problem::Problem;
use crate::report::{Place, Report};

/// A document and its origin.
pub struct Parsed<'s> {
    /// The name of the file.
    pub file: &'s str,
    /// The document.
    pub document: Document<'s>,
    /// The lines of the file.
    pub lines: std::sync::Arc<LineIndex<'s>>,
}

/// Reads every document of the files. Errors are reported, and invalid documents are omitted.
#[must_use]
pub fn parse_all<'s>(
    sources: impl IntoIterator<Item = (&'s str, &'s [u8])>,
    errors: &mut Vec<Problem>,
) -> Vec<Parsed<'s>> {
    let mut parsed = Vec::new();
    for (file, bytes) in sources {
        let lines = std::sync::Arc::new(LineIndex::new(bytes));
        let mut documents = hallpass_reader::read(bytes);
        while let Some(document) = documents.next() {
            match document {
                Ok(document) => parsed.push(Parsed { file, document, lines: lines.clone() }),
                Err(error) => {
                    errors.push(read_problem(file, &error, &lines).of_template(documents.template()))
                }
            }
        }
    }
    parsed
}

/// The allowlists that count as installed.
pub struct Installed<'s> {
    /// The compiled allowlists.
    pub set: AllowlistSet<'s>,
    /// The allowlists in `set`, as objects of their documents.
    pub manifests: Vec<Manifest<'s>>,
    places: HashMap<&'s str, (&'s Parsed<'s>, String)>,
}

impl<'s> Installed<'s> {
    /// Compiles the allowlists. Invalid allowlists, and allowlists with duplicate names, are reported and do not count.
    pub fn new<P: AsRef<Path>>(parsed: &'s [Parsed<'s>], paths: &[P], report: &mut Report) -> Self {
        let mut found = Vec::new();
        let mut sources = Vec::new();
        let mut empty = Vec::new();
        for source in parsed {
            let (manifests, faults) = manifests(source.document.root());
            // kubectl prints an empty list if a cluster has no allowlists.
            if manifests.is_empty() && faults.is_empty() && !source.document.root().is_null() {
                empty.push(source);
            }
            report.errors.extend(faults.iter().map(|fault| source.problem(fault)));
            for manifest in manifests {
                match manifest.role() {
                    Ok(Role::Allowlist) => {
                        found.push(manifest);
                        sources.push(source);
                    }
                    // Errors in other kinds are reported when those are evaluated.
                    Err(fault) if manifest.is_meant_as_allowlist() => {
                        report.errors.push(source.problem(&fault));
                    }
                    _ => {}
                }
            }
        }
        empty.extend(&sources);
        report_barren(paths, &empty, report);
        let load = AllowlistSet::load(&found);
        let at = |index: usize| found.get(index).zip(sources.get(index).copied());
        for (index, faults) in &load.invalid {
            let Some((_, source)) = at(*index) else { continue };
            report.errors.extend(faults.iter().map(|fault| source.problem(fault)));
        }
        for (index, warning) in &load.warnings {
            report.warnings.extend(at(*index).map(|(_, source)| source.problem(warning)));
        }
        for duplicate in &load.duplicates {
            let places = at(duplicate.manifest).zip(at(duplicate.first));
            report.errors.extend(places.map(|(second, first)| duplicate_problem(second, first)));
        }
        let places = found.iter().zip(&sources);
        let places =
            places.filter_map(|(found, source)| Some((found.name()?, (*source, found.pointer.clone()))));
        let places = places.collect();
        found.retain(|manifest| manifest.name().is_some_and(|name| load.set.named(name).is_some()));
        Installed { manifests: found, set: load.set, places }
    }

    /// Returns the document of an allowlist, and converts a pointer from the object to one from the document.
    pub(crate) fn source(&self, allowlist: &str, pointer: &str) -> Option<(&'s Parsed<'s>, String)> {
        let (source, root) = self.places.get(allowlist)?;
        Some((source, format!("{root}{pointer}")))
    }

    /// Returns the file and location of a pointer, relative to the allowlist with this name.
    pub fn locate(&self, allowlist: &str, pointer: &str, snippets: bool) -> Option<(String, Place)> {
        let (source, pointer) = self.source(allowlist, pointer)?;
        let mut location = source.document.locate(&pointer);
        let absent = absent(&location, &pointer);
        if location.width == 0 {
            // For a whole list, the key is the best location.
            location = source.document.locate_key(&pointer);
        }
        let place = Place { absent, ..place(&location, snippets.then_some(&*source.lines)) };
        Some((source.file.to_owned(), place))
    }
}

/// Reports paths with neither allowlists nor an empty list of them: such a path is likely a mistake.
fn report_barren<P: AsRef<Path>>(paths: &[P], sources: &[&Parsed<'_>], report: &mut Report) {
    for path in paths {
        let path = path.as_ref();
        let reported = report.errors.iter().any(|error| is_below(&error.file, path));
        if !reported && !sources.iter().any(|source| is_below(source.file, path)) {
            report.errors.push(
                Problem::new(&path.display().to_string(), "contains no WorkloadAllowlist")
                    .help("pass the output of `kubectl get workloadallowlist -o yaml`"),
            );
        }
    }
}

type Found<'f, 's> = (&'f Manifest<'s>, &'s Parsed<'s>);

fn duplicate_problem((second, source): Found<'_, '_>, (first, first_source): Found<'_, '_>) -> Problem {
    let name_of = |manifest: &Manifest<'_>| format!("{}/metadata/name", manifest.pointer);
    let (pointer, first_pointer) = (name_of(second), name_of(first));
    let line = first_source.document.locate(&first_pointer).line;
    let location = source.document.locate(&pointer);
    let message = format!(
        "a second allowlist is named `{}`; the first is in {} on line {line}, and neither counts",
        second.name().unwrap_or_default(),
        first_source.file
    );
    Problem::new(source.file, message)
        .at(place(&location, Some(&source.lines)), &pointer)
        .of_template(source.document.template())
        .help("load only one of them, or rename one")
}

fn is_below(file: &str, path: &Path) -> bool {
    Path::new(file).starts_with(path)
}

impl Parsed<'_> {
    /// Converts an error in the document to a problem.
    pub fn problem(&self, fault: &hallpass_document::Diagnostic) -> Problem {
        problem(self.file, fault, &self.document, &self.lines)
    }
}
