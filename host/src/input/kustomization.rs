//! Whether what a kustomization builds is what stands in its files.

use std::path::{Path, PathBuf};

use hallpass_document::Value;
use hallpass_report::{Parsed, Wanted, place, single};

use super::Input;
use crate::report::Problem;

const WANTED: Wanted = Wanted { called: "a kustomization", kind: "Kustomization" };

/// Fields that leave objects as they stand in the files. Any other may change or add some, whether we know it or not, and
/// kustomize reads field names in any case: only these spellings count.
const HARMLESS: [&str; 7] =
    ["apiVersion", "kind", "metadata", "resources", "bases", "sortOptions", "generatorOptions"];

/// Fields that name files and folders whose objects belong to it.
const LISTS: [&str; 2] = ["resources", "bases"];

const GROUP: &str = "kustomize.config.k8s.io/";

/// What a kustomization means for the files at and below its folder.
pub(super) enum Kustomization {
    /// It builds what stands in the files that it lists.
    Files(Vec<Listed>),
    /// Only a build shows what its objects are; why, without help where that is to build it.
    Build(Vec<Problem>),
}

/// A file or folder that a kustomization lists.
pub(super) struct Listed {
    /// Where the kustomization is.
    pub(super) by: PathBuf,
    /// Where it is; none when it is not on this disk.
    pub(super) real: Option<PathBuf>,
    /// What is wrong when nothing reads it.
    pub(super) unread: Problem,
}

/// Reads the kustomization of a folder.
pub(super) fn read(folder: &Path, file: &Path) -> Kustomization {
    let name = file.display().to_string();
    // What a link leads to could be a file that the author of the link could not read: no word of it goes into a report.
    if file.is_symlink() {
        return Kustomization::Build(vec![Problem::new(&name, "this kustomization is a link: not followed")]);
    }
    let input = Input { name, path: file.to_path_buf(), named: true };
    let bytes = match input.read() {
        Ok(bytes) => bytes,
        Err(problem) => return Kustomization::Build(vec![problem]),
    };
    let parsed = match single(input.name(), &bytes, &WANTED) {
        Ok(parsed) => parsed,
        Err(problems) => return Kustomization::Build(problems),
    };
    match changes(&parsed) {
        Some(problem) => Kustomization::Build(vec![problem]),
        None => Kustomization::Files(listed(folder, file, &parsed)),
    }
}

/// Why its objects can differ from those in its files.
fn changes(parsed: &Parsed<'_>) -> Option<Problem> {
    let Value::Map(fields) = parsed.document.root() else {
        return Some(at(parsed, "", "a kustomization is a map"));
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
            format!("`{field}` in a kustomization can change what its files say: not judged file by file");
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
            let message = format!("`{item}`, which this kustomization lists, is not read by this run");
            listed.push(Listed {
                by: by.clone(),
                real: folder.join(item).canonicalize().ok(),
                unread: at(parsed, &format!("/{list}/{index}"), &message),
            });
        }
    }
    listed
}

/// A problem of the key that holds the value at a pointer, or of an item.
fn at(parsed: &Parsed<'_>, pointer: &str, message: &str) -> Problem {
    let location = parsed.document.locate_key(pointer);
    Problem::new(parsed.file, message).at(place(&location, Some(&parsed.lines)), pointer)
}
