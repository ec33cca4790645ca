//! A synchronizer's path that leads to no file.

use hallpass_policy::synchronizer::MALFORMED;

use crate::Context;
use crate::example::path;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};
use crate::synchronizer::{Form, form, paths};

pub(crate) static RULE: Rule = Rule {
    id: "invalid-path",
    level: Level::Error,
    summary: "A path has no valid form",
    rationale: "A synchronizer's path is `dir/file.yaml` or `dir/*`, relative to Google's repository or to the bucket. A `*` is a \
                whole last segment. hallpass assumes that GKE finds nothing at any other path.",
    example: path,
    bad: "/Acme/agent/v1*",
    good: "Acme/agent/*",
    fix: None,
    found_by: FoundBy::Synchronizer(check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    for (pointer, path) in paths(object).filter(|(_, path)| form(path) == Form::Invalid) {
        reports.add(&pointer, format!("`{path}` {MALFORMED}")).help("write `dir/file.yaml` or `dir/*`");
    }
}
