//! The lock file: which files a run wrote, and from which allowlists.
//!
//! It determines which files of a folder a run may change or remove. It comes from Git, so anyone who can open a pull
//! request can change it. Therefore it is read strictly, and may only name files that a run could have written.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Position, Value, push_key};
use hallpass_reader::Document;

use crate::Digest;
use crate::output_path::{Collision, LOCK, LONGEST, collision, unfit};

const VERSION: i64 = 1;

/// The maximum number of files in a tree.
pub(crate) const MOST_FILES: usize = 100_000;

const KEYS: [&str; 3] = ["version", "allowlists", "files"];

/// The files that a run wrote, and the allowlists that it used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    /// The local allowlist files that the fleet names, by path relative to the fleet.
    pub(crate) allowlists: BTreeMap<String, Digest>,
    /// The files of the tree.
    pub(crate) files: BTreeMap<String, Digest>,
}

impl Lock {
    /// Returns the text of the lock file: sorted, one line per file, so that Git can merge runs for different clusters.
    pub(crate) fn text(&self, first_line: &str) -> String {
        let mut text = format!(
            "{}\n\
             # It lists the files in this folder that hallpass owns.\n\
             version: {VERSION}\n",
            one_line(first_line)
        );
        for (key, digests) in [("allowlists", &self.allowlists), ("files", &self.files)] {
            let empty = if digests.is_empty() { " {}" } else { "" };
            text.push_str(&format!("{key}:{empty}\n"));
            for (path, digest) in digests {
                text.push_str(&format!("  {}: {digest}\n", serde_json::Value::from(path.as_str())));
            }
        }
        text
    }

    /// Reads a lock file.
    ///
    /// # Errors
    /// Anything that [`Lock::text`] does not write, except for different orders, comments, line endings and YAML string
    /// styles.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Diagnostic> {
        no_conflict(bytes)?;
        let mut documents = hallpass_reader::read(bytes);
        let document = match documents.next() {
            None => return Err(Diagnostic::of_file(LOCK, "the lock file is empty").help(RESTORE)),
            Some(document) => document.map_err(|error| {
                let help = error.help.or_else(|| Some(RESTORE.to_owned()));
                Diagnostic { file: LOCK.to_owned(), path: String::new(), help, ..error }
            })?,
        };
        if documents.next().is_some() {
            return Err(
                Diagnostic::of_file(LOCK, "the lock file contains more than one document").help(RESTORE)
            );
        }
        Reading { document: &document }.lock()
    }
}

const RESTORE: &str = "restore `hallpass.lock` from Git";

/// Returns why the path of an allowlist in the fleet cannot be in a lock file.
pub(crate) fn unfit_input(path: &str) -> Option<String> {
    if path.is_empty() || path.len() > LONGEST {
        Some(format!("is not between 1 and {LONGEST} bytes long"))
    } else if path.chars().any(char::is_control) {
        Some("contains a control character".to_owned())
    } else {
        None
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn no_conflict(bytes: &[u8]) -> Result<(), Diagnostic> {
    let marker = |line: &[u8]| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        [&b"<<<<<<<"[..], b"|||||||", b"=======", b">>>>>>>"].iter().any(|marker| {
            line.strip_prefix(*marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(b" "))
        })
    };
    match bytes.split(|byte| *byte == b'\n').position(marker) {
        None => Ok(()),
        Some(index) => Err(Diagnostic::of_file(LOCK, "the lock file contains merge conflict markers")
            .located(Position { line: u32::try_from(index + 1).unwrap_or(u32::MAX), column: 1, width: 0 })
            .help("keep the lines of both sides; for a path that both name, keep either line; then run `hallpass \
                render`")),
    }
}

struct Reading<'d> {
    document: &'d Document<'d>,
}

impl Reading<'_> {
    fn lock(&self) -> Result<Lock, Diagnostic> {
        let Value::Map(entries) = self.document.root() else {
            return Err(
                self.fault("", format!("a lock file must be a map, not {}", self.document.root().kind()))
            );
        };
        match self.document.root().get("version") {
            Some(Value::Int(VERSION)) => {}
            Some(Value::Int(other)) => {
                let fault =
                    self.fault("/version", format!("the lock file has version {other}, not {VERSION}"));
                return Err(fault.help("use the version of hallpass that wrote it, or a newer one"));
            }
            _ => {
                return Err(self.fault("/version", format!("the lock file has no `version: {VERSION}`")));
            }
        }
        if let Some((key, _)) = entries.iter().find(|(key, _)| !KEYS.contains(&&**key)) {
            let message =
                format!("`{key}` is not a key of a lock file: the keys are `{}`", KEYS.join("`, `"));
            return Err(self.fault_in_key(&pointer(&[key]), message));
        }
        let allowlists = self.digests("allowlists", unfit_input)?;
        let files = self.digests("files", unfit)?;
        match collision(files.keys().map(String::as_str)) {
            None => Ok(Lock { allowlists, files }),
            Some(Collision::Twice(path) | Collision::Case(_, path) | Collision::Folder(_, path)) => {
                let message =
                    format!("`{path}` and another path of the lock file are the same on some file systems");
                Err(self.fault_in_key(&pointer(&["files", &path]), message))
            }
        }
    }

    fn digests(
        &self,
        key: &str,
        unfit: impl Fn(&str) -> Option<String>,
    ) -> Result<BTreeMap<String, Digest>, Diagnostic> {
        let Some(Value::Map(entries)) = self.document.root().get(key) else {
            return Err(self.fault(&pointer(&[key]), format!("the lock file has no map `{key}`")));
        };
        if entries.len() > MOST_FILES {
            return Err(self.fault(&pointer(&[key]), format!("`{key}` names more than {MOST_FILES} files")));
        }
        let mut digests = BTreeMap::new();
        for (path, digest) in entries {
            let at = || pointer(&[key, path]);
            if let Some(reason) = unfit(path) {
                return Err(self.fault_in_key(&at(), format!("path `{}` {reason}", shown(path))));
            }
            let digest = digest.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
                let message =
                    format!("the digest of `{path}` is not `sha256:` and 64 lower-case hexadecimal digits");
                self.fault(&at(), message)
            })?;
            digests.insert(path.clone().into_owned(), digest);
        }
        Ok(digests)
    }

    fn fault(&self, pointer: &str, message: String) -> Diagnostic {
        Diagnostic::of_file(LOCK, message).located(self.document.locate(pointer).position()).help(RESTORE)
    }

    fn fault_in_key(&self, pointer: &str, message: String) -> Diagnostic {
        Diagnostic::of_file(LOCK, message).located(self.document.locate_key(pointer).position()).help(RESTORE)
    }
}

fn pointer(keys: &[&str]) -> String {
    let mut pointer = String::new();
    keys.iter().for_each(|key| push_key(&mut pointer, key));
    pointer
}

/// Shortens a hostile path for a message.
fn shown(path: &str) -> String {
    const SHOWN: usize = 60;
    match path.char_indices().nth(SHOWN).and_then(|(end, _)| path.get(..end)) {
        Some(head) => format!("{head}…"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
