//! A pattern for an argument that accepts any path.

use super::any_argument::is_any;
use crate::example::argument;
use crate::found::Reports;
use crate::language::Common;
use crate::prefix::prefix;
use crate::rule::{FoundBy, Level, Rule};
use crate::texts::{Field, Text};

pub(crate) static RULE: Rule = Rule {
    id: "any-path",
    level: Level::Warning,
    summary: "A pattern accepts any path",
    rationale: "An option for a file, a folder or a socket decides what a program reads, writes or runs. With any path, a \
                workload can point it at its own volume, or at a part of the host that the allowlist mounts for another \
                purpose. Begin the value with the folder in which the files are.",
    example: argument,
    bad: "^--config-file=.*$",
    good: "^--config-file=/etc/acme/[a-z]+\\.yaml$",
    fix: None,
    found_by: FoundBy::Pattern(Field::Args, check),
};

/// Words in the names of options whose values are paths.
const WORDS: [&str; 8] = ["config", "dir", "file", "folder", "path", "plugin", "script", "socket"];

/// A path, alone or as the value of an option that is named after a path.
const OTHER_PATH: &str = "^(?:--?[A-Za-z0-9._-]*(?:config|Config|dir|Dir|file|File|folder|Folder|path|Path|plugin|Plugin\
                          |script|Script|socket|Socket)[A-Za-z0-9._-]*[= ])?/other/[a-z]+$";

fn check(text: &Text<'_>, pattern: &str, reports: &mut Reports<'_>) {
    if !may_be_path(pattern) || is_any(pattern) {
        return;
    }
    if let Common::Text(argument) = text.both(OTHER_PATH) {
        reports
            .add(&text.pointer, format!("`{pattern}` accepts any path, such as `{argument}`"))
            .help("begin the value with a folder: `/etc/acme/`");
    }
}

/// Whether a pattern begins like a path, or like an option that is named after one. Other patterns need no comparison of
/// automata.
fn may_be_path(pattern: &str) -> bool {
    let prefix = prefix(pattern);
    let is_named = |option: &str| WORDS.iter().any(|word| option.to_ascii_lowercase().contains(word));
    match prefix.split_once('=') {
        Some((option, _)) => is_named(option),
        None => prefix.is_empty() || prefix.starts_with(['-', '/']),
    }
}
