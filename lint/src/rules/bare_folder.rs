//! A synchronizer's path that is a folder.

use crate::Context;
use crate::found::Reports;
use crate::object::{Kind, Object};
use crate::rule::{FoundBy, Level, Rule};
use crate::synchronizer::{Form, form, paths, wildcard};

pub(crate) static RULE: Rule = Rule {
    id: "bare-folder",
    level: Level::Error,
    summary: "A path is a folder without `/*`",
    rationale: "A synchronizer's path is a file, `dir/file.yaml`, or all files below a folder, `dir/*`. GKE finds nothing at the \
                folder itself.",
    bad: synchronizer!(
        "
  allowlistPaths:
  - Acme/agent/
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
    for (pointer, path) in paths(object).filter(|(_, path)| form(path) == Form::Folder) {
        let wildcard = wildcard(path);
        let fix = reports.set(&pointer, "add the wildcard", &wildcard);
        reports
            .add(&pointer, format!("`{path}` is a folder, not its files"))
            .help(format!("write `{wildcard}`"))
            .fix(fix);
    }
}
