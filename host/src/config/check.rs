//! The checks of a config beyond its schema.

use std::collections::BTreeSet;

use hallpass_document::{Diagnostic, Diagnostics};
use hallpass_policy::{Constraint, GkeVersion, Profile, WorkloadKind};
use hallpass_report::{Exception, Selector};
use jiff::civil::Date;

use super::{Written, WrittenException, WrittenSelector};

pub(super) fn gke_version(config: &Written, diagnostics: &mut Diagnostics) -> Option<GkeVersion> {
    let parsed = config.gke_version.as_ref()?.parse();
    parsed
        .map_err(|error| {
            diagnostics.error(
                Diagnostic::new("/gkeVersion".to_owned(), format!("{error}"))
                    .help("write the version that `kubectl version` prints for the server"),
            );
        })
        .ok()
}

/// Rejects standard input, which differs from run to run.
pub(super) fn paths(config: &Written, diagnostics: &mut Diagnostics) {
    let lists = [("paths", &config.paths), ("allowlists", &config.allowlists)];
    let items = lists.into_iter().flat_map(|(list, items)| {
        items.iter().enumerate().map(move |(index, item)| (format!("/{list}/{index}"), item))
    });
    let profile = config.profile.iter().map(|profile| ("/profile".to_owned(), profile));
    for (pointer, path) in items.chain(profile) {
        if path == "-" {
            diagnostics.error(
                Diagnostic::new(pointer, "a config cannot name standard input")
                    .help("pass `-` on the command line"),
            );
        }
    }
}

/// Returns the exceptions of a file; `line` returns the line of one.
pub(super) fn exceptions(
    config: &Written,
    file: &str,
    line: impl Fn(usize) -> u32,
    diagnostics: &mut Diagnostics,
) -> Vec<Exception> {
    let mut exceptions = Vec::with_capacity(config.exceptions.len());
    for (index, written) in config.exceptions.iter().enumerate() {
        let pointer = format!("/exceptions/{index}");
        report_same(&config.exceptions, index, &line, diagnostics);
        exceptions.push(Exception {
            workload: selector(&written.workload, &pointer, diagnostics),
            constraints: constraints(&written.constraints, &pointer, diagnostics),
            // Terminals and tables show it on one line.
            reason: written.reason.split_whitespace().collect::<Vec<_>>().join(" "),
            expires: written.expires.as_ref().and_then(|date| expires(date, &pointer, diagnostics)),
            file: file.to_owned(),
            line: line(index),
        });
    }
    exceptions
}

/// Reports two exceptions for the same workloads and constraint, which would have two reasons, or two last days.
fn report_same(
    all: &[WrittenException],
    index: usize,
    line: impl Fn(usize) -> u32,
    diagnostics: &mut Diagnostics,
) {
    let Some(second) = all.get(index) else { return };
    for (earlier, first) in all.iter().enumerate().take(index) {
        let common = second.constraints.iter().find(|constraint| first.constraints.contains(constraint));
        if let Some(common) = common.filter(|_| first.workload == second.workload) {
            let message = format!(
                "a second exception for the same workloads and `{common}`; the first is on line {}",
                line(earlier)
            );
            let error = Diagnostic::new(format!("/exceptions/{index}"), message);
            return diagnostics.error(error.help("keep one of them"));
        }
    }
}

fn selector(written: &WrittenSelector, pointer: &str, diagnostics: &mut Diagnostics) -> Selector {
    let WrittenSelector { kind, namespace, name, image } = written;
    let mut at = |field: &str, message: String, help: String| {
        diagnostics.error(Diagnostic::new(format!("{pointer}/workload/{field}"), message).help(help));
    };
    for (field, value) in [("namespace", namespace), ("name", name), ("image", image)] {
        if let Some(value) = value.as_ref().filter(|value| value.contains('*')) {
            let message = format!("`{value}` contains `*`, but wildcards are not supported");
            at(field, message, format!("write the whole {field}, or select workloads by other fields"));
        }
    }
    if let Some(image) = image {
        let repository = Selector::repository(image);
        if repository != image {
            let message = format!("`{image}` has a tag or a digest, but an exception covers all of them");
            at("image", message, format!("write `{repository}`"));
        }
    }
    Selector {
        kind: kind.as_deref().and_then(WorkloadKind::named),
        namespace: namespace.clone(),
        name: name.clone(),
        image: image.clone(),
    }
}

fn constraints(written: &[String], pointer: &str, diagnostics: &mut Diagnostics) -> Vec<Constraint> {
    let mut seen = BTreeSet::new();
    for (index, id) in written.iter().enumerate() {
        let known = Constraint::with_id(id).filter(|constraint| constraint.is_evaluated());
        let at = |message: String| Diagnostic::new(format!("{pointer}/constraints/{index}"), message);
        match known {
            Some(constraint) if seen.insert(constraint) => {}
            Some(_) => diagnostics.error(at(format!("duplicate constraint `{id}`")).help("remove it")),
            None if is_never_evaluated(id) => diagnostics.error(
                at(format!("`{id}` is never evaluated, so no denial is because of it")).help("remove it"),
            ),
            None => {
                let evaluated = Constraint::ALL.into_iter().filter(|constraint| constraint.is_evaluated());
                let help = "write the id as the report names it; `hallpass explain` lists the constraints";
                let error = at(format!("no constraint is named `{id}`"));
                diagnostics.error(error.suggest(id, evaluated.map(Constraint::id), help));
            }
        }
    }
    seen.into_iter().collect()
}

fn is_never_evaluated(id: &str) -> bool {
    let built_in = Profile::names().filter_map(Profile::built_in);
    built_in.into_iter().any(|profile| profile.not_evaluated().iter().any(|listed| listed == id))
        || Constraint::with_id(id).is_some_and(|constraint| !constraint.is_evaluated())
}

/// Parses a last day. The schema checks only its form, and not every text of this form is a date.
fn expires(written: &str, pointer: &str, diagnostics: &mut Diagnostics) -> Option<Date> {
    let parsed = written.parse();
    parsed
        .map_err(|_| {
            let error =
                Diagnostic::new(format!("{pointer}/expires"), format!("no day has the date `{written}`"));
            diagnostics.error(error.help("write an existing day, such as `2027-02-28`"));
        })
        .ok()
}
