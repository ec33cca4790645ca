//! A file with another name than its allowlist.

use crate::example::agent;
use crate::found::Found;
use crate::object::{Kind, Object, Source};
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "name-unlike-file",
    level: Level::Note,
    summary: "The file is not named after its allowlist",
    rationale: "A synchronizer lists files, and the label of a workload selects an allowlist by its name. Partners name each \
                file after its allowlist, so that one leads to the other.",
    example: |file| format!("# {file}\n{}", agent("")),
    bad: "agent.yaml",
    good: "acme-agent-v1.yaml",
    fix: None,
    found_by: FoundBy::Comparison(check),
};

fn check(objects: &[Object<'_>], sources: &[Source<'_>], found: &mut Found) {
    // Objects are in the order of the files.
    for of_file in objects.chunk_by(|one, other| one.place.source == other.place.source) {
        let [object] = of_file else { continue };
        let Some(name) = object.manifest.name().filter(|name| !name.is_empty()) else { continue };
        let Some(stem) = sources.get(object.place.source).and_then(|source| stem(source.file)) else {
            continue;
        };
        if object.kind == Kind::Allowlist && !is_named_after(stem, name) {
            let place = found.of(&RULE, object).place("/metadata/name");
            let message = format!("the file is named `{stem}`, its allowlist `{name}`");
            found.add(&RULE, place, message).help(format!("rename the file to `{name}.yaml`"));
        }
    }
}

/// Returns a file's name without folders and its ending. Standard input has none.
fn stem(file: &str) -> Option<&str> {
    let name = file.rsplit(['/', '\\']).next()?;
    let (stem, ending) = name.rsplit_once('.')?;
    ["yaml", "yml", "json"].iter().any(|known| ending.eq_ignore_ascii_case(known)).then_some(stem)
}

/// Whether a file has the name of its allowlist, perhaps with a word for its kind: `acme-agent-v1.workloadallowlist`.
fn is_named_after(stem: &str, name: &str) -> bool {
    let rest = stem.strip_prefix(name);
    rest.is_some_and(|rest| {
        rest.is_empty() || (rest.starts_with('.') && !rest.contains(|c: char| c.is_ascii_digit()))
    })
}
