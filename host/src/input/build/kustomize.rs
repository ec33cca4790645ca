//! Builds a kustomization with the user's `kustomize` or `kubectl`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use hallpass_document::{At, Value};
use hallpass_report::Parsed;

use super::super::caller::Caller;
use super::super::kustomization::{LISTS, at, parsed};
use super::super::real;
use super::super::roots::KUSTOMIZATIONS;
use super::super::shell::word;
use super::{Printed, Tool, local, render};
use crate::output::Problem;

const TOOLS: [Tool; 2] = [
    Tool { program: "kustomize", arguments: &["build"] },
    Tool { program: "kubectl", arguments: &["kustomize"] },
];

/// A folder with a kustomization whose files, and whose bases' files, are all local.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    folder: PathBuf,
    /// This folder and those of its bases.
    folders: Vec<PathBuf>,
}

impl Local {
    /// Reads the kustomization and those that it lists. An entry that is not a local file or folder is an error:
    /// kustomize would download it.
    pub(crate) fn read(folder: &Path, caller: Caller) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut known = HashSet::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(next) = folders.pop() {
            if !known.insert(real(&next)) {
                continue;
            }
            for file in KUSTOMIZATIONS.iter().map(|name| next.join(name)).filter(|file| file.is_file()) {
                match parsed(&file, |parsed| entries(&next, folder, parsed, caller)) {
                    Ok((listed, faults)) => {
                        folders.extend(listed);
                        problems.extend(faults);
                    }
                    Err(faults) => problems.extend(faults),
                }
            }
        }
        if problems.is_empty() {
            Ok(Local { folder: folder.to_path_buf(), folders: known.into_iter().collect() })
        } else {
            Err(problems)
        }
    }

    /// Returns the folder and those of its bases.
    pub(crate) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Builds the kustomization. Plugins, Helm charts and programs stay off, as by default.
    pub(crate) fn render(&self, caller: Caller) -> Result<Printed, Box<Problem>> {
        let folder = local(&self.folder);
        let arguments = |command: &mut Command| {
            command.arg("--").arg(&folder);
        };
        render(&self.folder, &TOOLS, arguments, &by_hand(&self.folder), caller)
    }
}

fn by_hand(folder: &Path) -> String {
    format!("kubectl kustomize {}", word(folder))
}

/// Returns the folders that the kustomization of a folder lists, and a problem for each entry that is not local.
fn entries(folder: &Path, root: &Path, parsed: &Parsed<'_>, caller: Caller) -> (Vec<PathBuf>, Vec<Problem>) {
    let mut folders = Vec::new();
    let mut problems = Vec::new();
    let Value::Map(fields) = parsed.document.root() else { return (folders, problems) };
    let refused = |pointer: &str, item: &str, wrong: &str| {
        let message = format!("this kustomization lists `{item}`, {wrong}");
        let help = caller.or_pipe("list a local copy", &by_hand(root));
        at(parsed, pointer, &message).help(help)
    };
    // kustomize ignores the case of field names.
    let is_list =
        |field: &str| LISTS.iter().chain(["components"].iter()).any(|list| list.eq_ignore_ascii_case(field));
    for (field, value) in fields.iter().filter(|(field, _)| is_list(field)) {
        let Value::List(items) = value else { continue };
        for (index, item) in items.iter().enumerate() {
            let Some(item) = item.as_str() else { continue };
            let path = folder.join(item);
            let wrong = match (is_remote(item), path.exists()) {
                (true, _) => REMOTE,
                (false, false) => "which is not a local file or folder",
                (false, true) => {
                    folders.extend(path.is_dir().then_some(path));
                    continue;
                }
            };
            problems.push(refused(&format!("/{field}/{index}"), item, wrong));
        }
    }
    let is_text = |field: &str| TEXTS.iter().any(|text| text.eq_ignore_ascii_case(field));
    for (field, value) in fields.iter().filter(|(field, _)| !is_list(field) && !is_text(field)) {
        let at = At::pointer_to("");
        urls(value, &at.key(field), &mut |pointer, url| problems.push(refused(pointer, url, REMOTE)));
    }
    (folders, problems)
}

/// Fields with text that kustomize does not read as a path. Helm charts stay off.
const TEXTS: [&str; 14] = [
    "commonAnnotations",
    "commonLabels",
    "labels",
    "annotations",
    "literals",
    "metadata",
    "patch",
    "target",
    "images",
    "value",
    "options",
    "generatorOptions",
    "helmCharts",
    "helmGlobals",
];

/// Finds the URLs among the paths of files: kustomize downloads patches, configurations and generated data, and a server
/// on this machine is reached in spite of the proxy.
fn urls(value: &Value<'_>, at: &At<'_>, found: &mut impl FnMut(&str, &str)) {
    match value {
        // A patch can be written in place of its path.
        Value::String(text) if !text.contains('\n') && text.contains("://") => found(&at.pointer(), text),
        Value::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| urls(item, &at.index(index), found));
        }
        Value::Map(fields) => {
            let is_text = |field: &str| TEXTS.iter().any(|text| text.eq_ignore_ascii_case(field));
            let paths = fields.iter().filter(|(field, _)| !is_text(field));
            paths.for_each(|(field, value)| urls(value, &at.key(field), found));
        }
        _ => {}
    }
}

const REMOTE: &str = "which is on the network, and hallpass never accesses it";

/// Whether kustomize may read an entry as the URL of a file or of a Git repository, even if a local folder has that
/// name.
fn is_remote(entry: &str) -> bool {
    let is_github =
        entry.get(.."github.com".len()).is_some_and(|start| start.eq_ignore_ascii_case("github.com"));
    entry.contains(':') || entry.contains("?ref=") || is_github
}

#[cfg(test)]
mod tests {
    use super::is_remote;

    #[test]
    fn every_notation_of_a_url_is_remote() {
        for (entry, remote) in [
            ("https://example.com/a.yaml", true),
            ("HTTPS://example.com/a.yaml", true),
            ("git@example.com:a/b.git", true),
            ("ssh://git@example.com/a/b", true),
            ("git::https://example.com/a", true),
            ("gh:a/b", true),
            ("github.com/a/b//c?ref=v1", true),
            ("GitHub.com/a/b", true),
            ("example.com/a/b?ref=v1", true),
            ("../base", false),
            ("a.yaml", false),
            ("./github.com/a", false),
        ] {
            assert_eq!(is_remote(entry), remote, "{entry}");
        }
    }
}
