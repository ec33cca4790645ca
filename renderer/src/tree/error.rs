//! Operations on files that the system refused.

use std::io;

use hallpass_document::Diagnostic;

/// An operation on a file that the system refused: `written`, `read`, `removed`.
pub(super) fn io_error(path: &str, done: &str, error: &io::Error) -> Diagnostic {
    let refused = Diagnostic::of_file(path, format!("cannot be {done}: {}", plain(error)));
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            refused.help("check the mode and owner of the file and of its folder")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            refused.help("free some space on the disk")
        }
        io::ErrorKind::CrossesDevices => {
            refused.help("the folder is on a different file system: render to it separately with `--out`")
        }
        _ => refused,
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

    use super::{Diagnostic, io_error};

    #[test]
    fn what_the_system_refuses_comes_with_what_to_do() {
        let shown = |kind: ErrorKind| {
            let Diagnostic { file, message, help, .. } = io_error("a.yaml", "written", &kind.into());
            format!("{file}: {message} ({})", help.as_deref().unwrap_or("-"))
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
