//! A synchronizer without paths.

use hallpass_document::Value;

use crate::Context;
use crate::example::synchronizer;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "no-paths",
    level: Level::Error,
    summary: "A synchronizer lists no path",
    rationale: "The CRD requires `spec.allowlistPaths`. With an empty list, the synchronizer installs nothing, and removes what \
                it has installed before.",
    example: synchronizer,
    bad: " []",
    good: "
  - Acme/agent/*",
    fix: None,
    found_by: FoundBy::Synchronizer(check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    let is_map = object.get("/spec").is_none_or(|spec| matches!(spec, Value::Map(_)));
    let is_empty = match object.get("/spec/allowlistPaths") {
        None => true,
        Some(Value::List(paths)) => paths.is_empty(),
        Some(_) => false,
    };
    // Another rule reports values of the wrong type.
    if is_map && is_empty {
        reports
            .add("/spec/allowlistPaths", "the synchronizer lists no path")
            .help("list `dir/file.yaml` or `dir/*` under `spec.allowlistPaths`");
    }
}
