//! A synchronizer's path that another one covers.

use std::collections::HashMap;

use crate::Context;
use crate::example::path;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::synchronizer::{Form, form, paths, wildcard};

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-path",
    level: Level::Warning,
    summary: "A path is a duplicate, or is below another one",
    rationale: "`dir/*` installs all files in `dir`, so the path of one of them has no effect. It looks as if only that version \
                were installed, although all of them are. It is not known whether `dir/*` also installs the files in folders \
                below `dir`: for them, the finding is a note without a fix.",
    example: path,
    bad: "Acme/agent/*
  - Acme/agent/acme-agent-v1.yaml",
    good: "Acme/agent/*",
    fix: Some(Effect::PermitsNoMore),
    found_by: FoundBy::Synchronizer(check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    let all: Vec<(String, &str)> = paths(object).filter(|(_, path)| form(path) == Form::Valid).collect();
    let mut first: HashMap<&str, &str> = HashMap::with_capacity(all.len());
    for (pointer, path) in &all {
        first.entry(path).or_insert(pointer);
    }
    for (pointer, path) in &all {
        let duplicate =
            first.get(path).filter(|first| *first != pointer).map(|first| (*first, (*path).to_owned()));
        let covering = duplicate.or_else(|| {
            let mut wildcards = folders(path).map(wildcard).filter(|wildcard| wildcard != path);
            wildcards.find_map(|wildcard| Some((*first.get(wildcard.as_str())?, wildcard)))
        });
        let Some((first, known)) = covering else { continue };
        let related = reports.place(first);
        let fix = reports.remove(pointer, "remove the path");
        if known == **path {
            let finding = reports.add(pointer, format!("`{path}` is a duplicate"));
            finding.help("remove one of them").related(related, "the first one").fix(fix);
        } else if folders(path).next().map(wildcard).as_deref() == Some(known.as_str()) {
            let finding = reports.add(pointer, format!("`{known}` already covers `{path}`"));
            finding.help("remove one of them").related(related, "the other path").fix(fix);
        } else {
            let finding = reports.add(pointer, format!("`{known}` may already cover `{path}`"));
            let help = "keep both, unless only the files of one of them are needed";
            finding.level(Level::Note).help(help).related(related, "the other path");
        }
    }
}

/// Returns the folders that contain a path, the nearest first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'))
        .map(|(folder, _)| folder)
}
