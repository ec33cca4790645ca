//! The two versions to compare: paths in the working directory or in a Git revision.

use std::path::PathBuf;

use tempfile::TempDir;

use super::super::range;
use crate::cli::Diff;
use crate::git;
use crate::input;
use crate::output::{Problem, Report};

/// The old side and the new one.
pub(super) type Sides = [Side; 2];

/// One side.
pub(super) struct Side {
    paths: Vec<PathBuf>,
    revision: Option<Revision>,
}

/// The files of a revision, which programs must find on the disk.
struct Revision {
    name: String,
    folder: TempDir,
}

/// Returns the sides. Writes the files of revisions to temporary folders.
pub(super) fn of(arguments: &Diff) -> Result<Sides, Vec<Problem>> {
    let paths = &arguments.paths;
    let side = |paths: &[PathBuf]| Side { paths: paths.to_vec(), revision: None };
    match &arguments.git {
        None => {
            let (old, new) = paths.split_at(paths.len().min(1));
            Ok([side(old), side(new)])
        }
        Some(revisions) => {
            let (old, new) = range(revisions);
            let old = Side::at(old, paths)?;
            let new = match new {
                Some(new) => Side::at(new, paths)?,
                None => side(paths),
            };
            Ok([old, new])
        }
    }
}

impl Side {
    fn at(revision: &str, paths: &[PathBuf]) -> Result<Self, Vec<Problem>> {
        let folder = tempfile::tempdir().map_err(|error| {
            let reason = input::plain(&error);
            vec![Problem::new("", format!("a temporary folder cannot be created: {reason}"))]
        })?;
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        for path in paths {
            match git::export(revision, path, folder.path()) {
                // A path that is not in the revision has no workloads.
                Ok(false) => {}
                Ok(true) => found.push(folder.path().join(path)),
                Err(problem) => errors.push(*problem),
            }
        }
        let revision = Some(Revision { name: revision.to_owned(), folder });
        if errors.is_empty() { Ok(Side { paths: found, revision }) } else { Err(errors) }
    }

    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Returns the name of a file in reports: `main:deploy/agent.yaml`.
    pub(super) fn shown(&self, text: &str) -> String {
        match &self.revision {
            Some(Revision { name, folder }) => {
                text.replace(&format!("{}/", folder.path().display()), &format!("{name}:"))
            }
            None => text.to_owned(),
        }
    }

    /// Names the files of a revision as [`Side::shown`] does.
    pub(super) fn rename(&self, report: &mut Report) {
        for outcome in &mut report.results {
            outcome.file = self.shown(&outcome.file);
            outcome.template = outcome.template.as_deref().map(|template| self.shown(template));
        }
        let problems = report.errors.iter_mut().chain(&mut report.warnings).chain(&mut report.notes);
        for problem in problems {
            problem.file = self.shown(&problem.file);
            problem.message = self.shown(&problem.message);
            if let Some(template) = &mut problem.template {
                *template = self.shown(template).into_boxed_str();
            }
            if let Some(help) = &mut problem.help {
                *help = self.by_hand(help).into_boxed_str();
            }
        }
    }

    /// Returns a help line with a command that works for users: without the temporary folder.
    fn by_hand(&self, help: &str) -> String {
        match &self.revision {
            Some(Revision { name, folder }) => {
                let below = format!("{}/", folder.path().display());
                let is_there = help.contains(&below);
                let there = if is_there { format!(", in a checkout of `{name}`") } else { String::new() };
                format!("{}{there}", help.replace(&below, ""))
            }
            None => help.to_owned(),
        }
    }
}
