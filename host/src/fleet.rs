//! `--fleet`: a fleet, and the checks that need the disk.

mod policies;

use std::path::Path;

use hallpass_document::Diagnostic;
use hallpass_renderer::tree::Input;
use hallpass_renderer::{Digest, Fleet, ReadFleet, TreePath};
use hallpass_report::{Parsed, Wanted, own};

use crate::input;
use crate::output::Problem;
use crate::repository;
use crate::source::Source;

const WANTED: Wanted = Wanted { called: "a fleet", kind: "Fleet" };

/// A fleet, and the file that contains it.
pub(crate) struct Located<'s> {
    pub(crate) fleet: Fleet,
    pub(crate) warnings: Vec<Problem>,
    parsed: Parsed<'s>,
}

pub(crate) fn source(path: &Path) -> Result<Source, Vec<Problem>> {
    Source::read(path, &WANTED, "")
}

/// Returns the errors in a fleet, or else the warnings, unlocated.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn faults(
    file: &str,
    bytes: &[u8],
) -> Result<Result<Vec<Diagnostic>, Vec<Diagnostic>>, Vec<Problem>> {
    let parsed = own(file, bytes, &WANTED)?;
    Ok(Fleet::read(parsed.document.root()).map(|read| read.warnings))
}

impl<'s> Located<'s> {
    pub(crate) fn read(source: &'s Source) -> Result<Self, Vec<Problem>> {
        let parsed = source.document(&WANTED)?;
        let located = |faults: Vec<Diagnostic>| faults.iter().map(|fault| parsed.problem(fault)).collect();
        match Fleet::read(parsed.document.root()) {
            Ok(ReadFleet { fleet, warnings }) => Ok(Located { fleet, warnings: located(warnings), parsed }),
            Err(errors) => Err(located(errors)),
        }
    }

    /// Returns a problem at a location in the fleet.
    pub(crate) fn problem(&self, pointer: String, message: String, help: impl Into<String>) -> Problem {
        self.parsed.problem(&Diagnostic::new(pointer, message).help(help))
    }

    /// The folder of the fleet file.
    fn folder(&self) -> &Path {
        Path::new(self.parsed.file).parent().unwrap_or(Path::new(""))
    }

    /// Reads the local allowlist files that the fleet names, relative to the fleet file.
    pub(crate) fn allowlists(&self) -> Result<Vec<Input>, Vec<Problem>> {
        let folder = self.folder();
        let (mut inputs, mut problems) = (Vec::new(), Vec::new());
        for (path, pointer) in self.fleet.allowlist_files() {
            match input::read_below(folder, path) {
                Ok(bytes) => inputs.push(Input { path: path.to_owned(), digest: Digest::of(&bytes) }),
                Err(reason) => problems.push(self.problem(
                    pointer,
                    format!("allowlist file `{path}` {reason}"),
                    "write the path relative to the fleet file, or remove it from `allowlistFiles`",
                )),
            }
        }
        if problems.is_empty() { Ok(inputs) } else { Err(problems) }
    }

    /// Returns deliveries from Git whose `treePath` is not the path of the folder in its repository: errors for those
    /// without one, warnings for the others.
    pub(crate) fn misplaced(&self, out: &Path) -> (Vec<Problem>, Vec<Problem>) {
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        let Some(path) = repository::path_within(out) else { return (errors, warnings) };
        for TreePath { path: stated, clusters, pointer } in self.fleet.tree_paths() {
            match stated {
                Some(stated) if stated == path => {}
                Some(stated) => warnings.push(self.problem(
                    pointer,
                    format!(
                        "`treePath: {stated}` of the delivery to {clusters} is not the path of the tree in its Git \
                         repository"
                    ),
                    format!("write `treePath: {path}`, unless the tree is copied elsewhere"),
                )),
                None if path == repository::ROOT => {}
                None => errors.push(self.problem(
                    pointer,
                    format!("no `treePath` for {clusters}, but the tree is not at the root of its Git repository"),
                    format!("write `treePath: {path}`, or `treePath: .` if the tree is copied to the root of another one"),
                )),
            }
        }
        (errors, warnings)
    }

    /// Returns the folders of the tree that `flux bootstrap` created. They have no `kustomization.yaml`, so Flux
    /// applies everything in them. With a `kustomization.yaml` from hallpass, Flux would apply only what it lists, and
    /// prune the rest, including itself.
    pub(crate) fn shadows(&self, out: &Path) -> Vec<Problem> {
        let mut problems = Vec::new();
        for output in self.fleet.outputs() {
            let folder = out.join(output.path);
            if folder.join("flux-system/gotk-sync.yaml").symlink_metadata().is_ok() {
                let message = format!(
                    "{} would be rendered into `{}`, which `flux bootstrap` created: with a `kustomization.yaml` there, \
                     Flux would remove itself from the cluster",
                    output.whose,
                    folder.display()
                );
                let help = "render into another folder with `--out`, and point Flux to it as described in \
                    docs/gitops.md";
                problems.push(self.problem(output.pointer, message, help));
            }
        }
        problems
    }
}
