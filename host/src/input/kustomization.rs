//! Whether a kustomization builds exactly the objects in its files.

use std::path::{Path, PathBuf};

use hallpass_document::Value;
use hallpass_report::{Parsed, Wanted, place, single};

use super::Input;
use crate::output::Problem;

const WANTED: Wanted = Wanted { called: "a kustomization", kind: "Kustomization" };

/// Fields that do not change the objects in the files. Any other field, known or not, may change or add objects.
/// kustomize ignores the case of field names: only these spellings count.
const HARMLESS: [&str; 7] =
    ["apiVersion", "kind", "metadata", "resources", "bases", "sortOptions", "generatorOptions"];

/// Fields that list files and folders with objects.
pub(super) const LISTS: [&str; 2] = ["resources", "bases"];

const GROUP: &str = "kustomize.config.k8s.io/";

/// The effect of a kustomization on the files in and below its folder.
pub(super) enum Kustomization {
    /// It builds exactly the objects in the files that it lists.
    Files(Vec<Listed>),
    /// Its objects are known only after a build. The problem says why; its help line is added by the caller.
    Build(Problem),
    /// It cannot be read.
    Invalid(Vec<Problem>),
}

/// A file or folder that a kustomization lists.
pub(super) struct Listed {
    /// The path of the kustomization.
    pub(super) by: PathBuf,
    /// The real path; `None` if it does not exist on this disk.
    pub(super) real: Option<PathBuf>,
    /// The problem to report if the run does not read it.
    pub(super) unread: Problem,
}

/// Reads the kustomization of a folder.
pub(super) fn read(folder: &Path, file: &Path) -> Kustomization {
    let read = |parsed: &Parsed<'_>| match changes(parsed) {
        Some(problem) => Kustomization::Build(problem),
        None => Kustomization::Files(listed(folder, file, parsed)),
    };
    parsed(file, read).unwrap_or_else(Kustomization::Invalid)
}

/// Reads the document of a kustomization.
pub(super) fn parsed<T>(file: &Path, read: impl FnOnce(&Parsed<'_>) -> T) -> Result<T, Vec<Problem>> {
    let name = file.display().to_string();
    // The author of the link may not be allowed to read its target, so the report must not show its contents.
    if file.is_symlink() {
        return Err(vec![Problem::new(&name, "the kustomization is a link, which is not followed")]);
    }
    let input = Input::file(name, file.to_path_buf(), true);
    let bytes = input.read().map_err(|problem| vec![*problem])?;
    single(input.name(), &bytes, &WANTED).map(|parsed| read(&parsed))
}

/// Returns why its objects can differ from those in its files.
fn changes(parsed: &Parsed<'_>) -> Option<Problem> {
    let Value::Map(fields) = parsed.document.root() else {
        return Some(at(parsed, "", "a kustomization must be a map"));
    };
    fields.iter().find_map(|(field, value)| {
        let wrong = match &**field {
            "kind" => value.as_str().is_none_or(|kind| kind != WANTED.kind),
            "apiVersion" => value.as_str().is_none_or(|version| !version.starts_with(GROUP)),
            "resources" | "bases" => match value {
                Value::List(items) => items.iter().any(|item| item.as_str().is_none()),
                other => !other.is_null(),
            },
            field => !HARMLESS.contains(&field),
        };
        let pointer = format!("/{}", field.replace('~', "~0").replace('/', "~1"));
        let message =
            format!("`{field}` in a kustomization can change its files, so they are not checked one by one");
        wrong.then(|| at(parsed, &pointer, &message))
    })
}

fn listed(folder: &Path, file: &Path, parsed: &Parsed<'_>) -> Vec<Listed> {
    let mut listed = Vec::new();
    let by = super::real(file);
    for list in LISTS {
        let Some(Value::List(items)) = parsed.document.root().get(list) else { continue };
        for (index, item) in items.iter().enumerate() {
            let item = item.as_str().unwrap_or_default();
            let message = format!("this kustomization lists `{item}`, which this run does not read");
            listed.push(Listed {
                by: by.clone(),
                real: folder.join(item).canonicalize().ok(),
                unread: at(parsed, &format!("/{list}/{index}"), &message),
            });
        }
    }
    listed
}

/// A problem at the key of the value at a pointer, or at an item.
pub(super) fn at(parsed: &Parsed<'_>, pointer: &str, message: &str) -> Problem {
    let location = parsed.document.locate_key(pointer);
    Problem::new(parsed.file, message).at(place(&location, Some(&parsed.lines)), pointer)
}
