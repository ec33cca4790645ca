//! A synchronizer's path with a scheme.

use crate::Context;
use crate::example::path;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::synchronizer::{Form, form, paths};

pub(crate) static RULE: Rule = Rule {
    id: "path-with-scheme",
    level: Level::Error,
    summary: "A path has a scheme",
    rationale: "`gke://` and `gs://` belong in organization policies and in the cluster's flag `--autopilot-privileged-admission`. \
                The paths of a synchronizer are relative to Google's repository, or to the bucket in `bucketName`. hallpass \
                assumes that GKE finds no allowlist at a path with a scheme.",
    example: path,
    bad: "gke://Acme/agent/*",
    good: "Acme/agent/*",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Synchronizer(check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    for (pointer, path) in paths(object).filter(|(_, path)| form(path) == Form::Scheme) {
        let relative = path.strip_prefix("gke://").filter(|path| form(path) == Form::Valid);
        let fix = relative.map(|relative| reports.set(&pointer, "remove the scheme", relative));
        let finding = reports.add(&pointer, format!("`{path}` has a scheme"));
        finding.fix = fix;
        match relative {
            Some(relative) => finding.help(format!("write `{relative}`")),
            None if path.starts_with("gke://") => finding
                .help("write the partner's folder, such as `Acme/agent/*`; `hallpass partners` lists them"),
            None => finding.help("write the path in the bucket, and the bucket's name in `bucketName`"),
        };
    }
}
