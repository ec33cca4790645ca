//! A synchronizer's path that is a folder.

use hallpass_policy::version_suffix_stripped;

use crate::Context;
use crate::example::path;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::synchronizer::{Form, form, paths, wildcard};

pub(crate) static RULE: Rule = Rule {
    id: "bare-folder",
    level: Level::Error,
    summary: "A path names neither a file nor `dir/*`",
    rationale: "A synchronizer's path is a file, `dir/file.yaml`, or all files below a folder, `dir/*`. hallpass assumes that GKE \
                finds nothing at a folder itself, or at a file without its extension.",
    example: path,
    bad: "Acme/agent/",
    good: "Acme/agent/*",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Synchronizer(check),
};

fn check(object: &Object<'_>, context: &Context<'_>, reports: &mut Reports<'_>) {
    for (pointer, path) in paths(object).filter(|(_, path)| form(path) == Form::Folder) {
        let wildcard = wildcard(path);
        let file = format!("{path}.yaml");
        if path.ends_with('/') {
            let fix = reports.set(&pointer, "add the wildcard", &wildcard);
            let finding = reports.add(&pointer, format!("`{path}` is a folder, not its files"));
            finding.help(format!("write `{wildcard}`")).fix(fix);
            continue;
        }
        let is_file = is_versioned(path) || context.partner_paths.contains(&file.as_str());
        let help = if is_file {
            format!("write `{file}`")
        } else {
            format!("write `{wildcard}` for the files of a folder, or `{file}` for a file")
        };
        reports.add(&pointer, format!("`{path}` is neither a file nor `dir/*`")).help(help);
    }
}

/// Whether a path ends like the name of an allowlist: with a name and a version.
fn is_versioned(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    version_suffix_stripped(name) != name
}
