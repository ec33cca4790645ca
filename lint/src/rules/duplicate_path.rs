//! A synchronizer's path that another one covers.

use hallpass_policy::synchronizer::folder;

use crate::Context;
use crate::found::Reports;
use crate::object::{Kind, Object};
use crate::rule::{FoundBy, Level, Rule};
use crate::synchronizer::{Form, form, paths};

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-path",
    level: Level::Warning,
    summary: "A path is listed twice, or is below another one",
    rationale: "`dir/*` installs all files below `dir`, so a path below it has no effect. It looks as if only that version were \
                installed, although all of them are.",
    bad: synchronizer!(
        "
  allowlistPaths:
  - Acme/agent/*
  - Acme/agent/acme-agent-v1.yaml
"
    ),
    good: synchronizer!(
        "
  allowlistPaths:
  - Acme/agent/*
"
    ),
    has_fix: true,
    found_by: FoundBy::Object(Kind::Synchronizer, check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    let all: Vec<(String, &str)> = paths(object).filter(|(_, path)| form(path) == Form::Valid).collect();
    for (index, (pointer, path)) in all.iter().enumerate() {
        let covers = |(other, (_, known)): &(usize, &(String, &str))| {
            (known == path && *other < index)
                || (known != path && folder(known).is_some_and(|folder| path.starts_with(folder)))
        };
        let Some((_, (first, known))) = all.iter().enumerate().find(covers) else { continue };
        let related = reports.place(first);
        let fix = reports.remove(pointer, "remove the path");
        let message = if known == path {
            format!("`{path}` is already listed")
        } else {
            format!("`{known}` already covers `{path}`")
        };
        reports.add(pointer, message).help("remove one of them").related(related, "the other path").fix(fix);
    }
}
