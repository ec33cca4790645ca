//! Files in the revisions of a Git repository, read by the user's own git.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::output::Problem;

/// Reads the manifests that a revision has at a path. They are named `REVISION:PATH`.
pub(crate) fn manifests_at(revision: &str, path: &Path) -> Result<Vec<(String, Vec<u8>)>, Box<Problem>> {
    let listed = git(&["ls-tree", "-r", "-z", "--name-only", revision, "--"], Some(path), revision)?;
    let names = listed.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let mut files = Vec::new();
    for name in names {
        let shown = String::from_utf8_lossy(name);
        if !crate::input::is_manifest(Path::new(&*shown)) {
            continue;
        }
        let Ok(name) = str::from_utf8(name) else {
            return Err(Box::new(crate::input::not_utf8(&format!("{revision}:{shown}"))));
        };
        // `./`: relative to the working directory, as `ls-tree` prints it.
        let object = format!("{revision}:./{name}");
        let bytes = git(&["cat-file", "blob", &object], None, revision)?;
        files.push((format!("{revision}:{name}"), bytes));
    }
    Ok(files)
}

/// Writes the files that a revision has at a path into a folder, under the same path. Returns whether it has any.
pub(crate) fn export(revision: &str, path: &Path, folder: &Path) -> Result<bool, Box<Problem>> {
    let is_below = |name: &str| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let unreadable =
        |name: &str, message: &str| Box::new(Problem::new(&format!("{revision}:{name}"), message));
    let listed = git(&["ls-tree", "-r", "-z", revision, "--"], Some(path), revision)?;
    let mut found = false;
    for entry in listed.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        // `MODE TYPE OBJECT<TAB>NAME`
        let entry = String::from_utf8_lossy(entry);
        let Some((described, name)) = entry.split_once('\t') else { continue };
        let (mode, object) = (described.split(' ').next(), described.rsplit(' ').next().unwrap_or_default());
        if name.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Box::new(crate::input::not_utf8(&format!("{revision}:{name}"))));
        }
        if !is_below(name) {
            let help = "change into a folder that contains it";
            return Err(Box::new(unreadable(name, "the path is not below the working directory").help(help)));
        }
        match mode {
            Some("100644" | "100755") => {}
            // A link could lead anywhere on the disk. If its target is in the same folder, it is read anyway.
            _ => continue,
        }
        found = true;
        let bytes = git(&["cat-file", "blob", object], None, revision)?;
        let file = folder.join(name);
        let parent = file.parent().unwrap_or(folder);
        fs::create_dir_all(parent).and_then(|()| fs::write(&file, bytes)).map_err(|error| {
            let reason = crate::input::plain(&error);
            unreadable(name, &format!("cannot be written to a temporary folder: {reason}"))
        })?;
    }
    Ok(found)
}

fn git(arguments: &[&str], path: Option<&Path>, revision: &str) -> Result<Vec<u8>, Box<Problem>> {
    let mut command = Command::new("git");
    // A path is never a pattern, and a partial clone fetches nothing.
    command.args(["--no-pager", "--literal-pathspecs", "--no-lazy-fetch"]).args(arguments);
    command.args(path.map(PathBuf::from)).stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().map_err(|error| {
        let problem = Problem::new("", format!("`git` cannot be started: {}", crate::input::plain(&error)));
        Box::new(problem.help("install Git, or compare two files or folders without `--git`"))
    })?;
    if status.success() {
        return Ok(stdout);
    }
    let stderr = String::from_utf8_lossy(&stderr);
    let reason = stderr.lines().next().unwrap_or("no message").trim_start_matches("fatal: ").to_owned();
    let problem = Problem::new("", format!("`git` cannot read revision `{revision}`: {reason}"));
    Err(Box::new(problem.help(
        "check the revision, and that the path is in a Git repository that has it; a shallow clone may lack it",
    )))
}
