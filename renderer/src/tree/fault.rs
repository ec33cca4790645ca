//! Why a tree cannot be written or compared.

use std::io;

/// Why a tree cannot be written or compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file concerned, relative to the output folder; empty for the folder itself.
    pub path: String,
    /// Line and column in that file, from 1, columns in Unicode scalars.
    pub place: Option<(u32, u32)>,
    /// What is wrong: lower case, input in backticks.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
}

impl From<Fault> for Vec<Fault> {
    fn from(fault: Fault) -> Self {
        vec![fault]
    }
}

impl Fault {
    pub(crate) fn new(path: &str, message: impl Into<String>) -> Self {
        Fault { path: path.to_owned(), place: None, message: message.into(), help: None }
    }

    pub(crate) fn at(mut self, line: u32, column: u32) -> Self {
        self.place = Some((line, column));
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// An operation on a file that the system refused: `written`, `read`, `removed`.
    pub(crate) fn io(path: &str, done: &str, error: &io::Error) -> Self {
        let fault = Fault::new(path, format!("cannot be {done}: {}", plain(error)));
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                fault.help("check the mode and owner of the file and of its folder")
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                fault.help("free some space on the disk")
            }
            io::ErrorKind::CrossesDevices => {
                fault.help("the folder is on a different file system: render to it separately with `--out`")
            }
            _ => fault,
        }
    }
}

/// The system's message without its number, in lower case.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::Fault;

    #[test]
    fn what_the_system_refuses_comes_with_what_to_do() {
        let shown = |kind: ErrorKind| {
            let Fault { path, message, help, .. } = Fault::io("a.yaml", "written", &kind.into());
            format!("{path}: {message} ({})", help.as_deref().unwrap_or("-"))
        };
        let mode = "check the mode and owner of the file and of its folder";
        for (kind, expected) in [
            (ErrorKind::PermissionDenied, format!("permission denied ({mode})")),
            (ErrorKind::ReadOnlyFilesystem, format!("read-only filesystem or storage medium ({mode})")),
            (ErrorKind::StorageFull, "no storage space (free some space on the disk)".to_owned()),
            (ErrorKind::QuotaExceeded, "quota exceeded (free some space on the disk)".to_owned()),
            (
                ErrorKind::CrossesDevices,
                "cross-device link or rename (the folder is on a different file system: render to it separately with \
                 `--out`)"
                    .to_owned(),
            ),
            (ErrorKind::Interrupted, "operation interrupted (-)".to_owned()),
        ] {
            assert_eq!(shown(kind), format!("a.yaml: cannot be written: {expected}"));
        }
    }
}
