//! A synchronizer's path that differs from a partner's path only in case.

use crate::Context;
use crate::example::path;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::synchronizer::{Form, form, paths};
use hallpass_policy::synchronizer::folder;

pub(crate) static RULE: Rule = Rule {
    id: "path-case",
    level: Level::Error,
    summary: "A path differs from a partner's in upper and lower case",
    rationale: "Paths in Google's repository are case-sensitive, and partners spell their folders in many ways. hallpass assumes \
                that GKE finds no allowlist at the other spelling. `hallpass partners` lists the known paths.",
    example: path,
    bad: "acme/Agent/*",
    good: "Acme/agent/*",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Synchronizer(check),
};

fn check(object: &Object<'_>, context: &Context<'_>, reports: &mut Reports<'_>) {
    // A bucket has its own folders.
    if object.get("/spec/bucketName").is_some() {
        return;
    }
    for (pointer, path) in paths(object).filter(|(_, path)| form(path) == Form::Valid) {
        let Some(meant) = meant(path, context.partner_paths) else { continue };
        let fix = reports.set(&pointer, "write the partner's path", &meant);
        reports
            .add(&pointer, format!("`{path}` differs from the path of a partner in upper and lower case"))
            .help(format!("write `{meant}`"))
            .fix(fix);
    }
}

/// Returns the path with the partner's spelling of its folder, if that is different.
fn meant(path: &str, partners: &[&str]) -> Option<String> {
    let folders = || partners.iter().filter_map(|known| folder(known));
    if folders().any(|folder| path.starts_with(folder)) {
        return None;
    }
    folders().find_map(|folder| {
        let (start, rest) = path.split_at_checked(folder.len())?;
        start.eq_ignore_ascii_case(folder).then(|| format!("{folder}{rest}"))
    })
}
