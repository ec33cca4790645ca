//! Converts bytes to text, and rejects characters that YAML or kubectl do not accept.

use crate::position::Cursor;
use hallpass_document::{Diagnostic, Position};

/// Returns the text of a file, without its byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, Diagnostic> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let start = Position { line: 1, column: 1, width: 0 };
        return Err(Diagnostic::at(start, "the file is UTF-16").help("save it as UTF-8"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).and_then(|valid| str::from_utf8(valid).ok());
        let mut cursor = Cursor::new(valid.unwrap_or_default());
        cursor.advance(error.valid_up_to());
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        Diagnostic::at(cursor.spot(1), format!("byte 0x{byte:02X} is not UTF-8"))
            .help("save the file as UTF-8")
    })
}

/// Facts about a document's text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Survey {
    pub(crate) ascii: bool,
    pub(crate) tabs: bool,
    /// Whether the document may contain an alias.
    pub(crate) stars: bool,
}

/// Scans a document's text, and rejects characters that YAML does not allow. `start` is its position in the file.
pub(crate) fn survey(text: &str, start: Position) -> Result<Survey, Diagnostic> {
    let (mut high, mut tabs, mut stars, mut odd) = (false, false, false, false);
    for &byte in text.as_bytes() {
        high |= byte >= 0x80;
        tabs |= byte == b'\t';
        stars |= byte == b'*';
        odd |= (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0x7F);
    }
    if (high || odd)
        && let Some((at, c)) = text.char_indices().find(|(_, c)| !is_accepted(*c))
    {
        let mut cursor = Cursor::starting(text, 0, start);
        cursor.advance(at);
        return Err(refused(c, cursor.spot(1)));
    }
    Ok(Survey { ascii: !high, tabs, stars })
}

/// Whether YAML 1.1 calls the character printable, except for its unusual line breaks and byte order marks.
fn is_accepted(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{A0}'..='\u{2027}' | '\u{202A}'..='\u{FEFE}'
        | '\u{FF00}'..='\u{FFFD}' | '\u{10000}'..)
}

fn refused(c: char, at: Position) -> Diagnostic {
    let code = u32::from(c);
    match c {
        // YAML 1.1 parsers end the line here and others do not, so a comment may end only for some of them.
        '\u{85}' | '\u{2028}' | '\u{2029}' => Diagnostic::at(
            at,
            format!("character U+{code:04X} ends a line for kubectl, but not for other parsers"),
        )
        .help(format!("remove it, or write it as `\\u{code:04x}` in a double-quoted string")),
        '\u{FEFF}' => Diagnostic::at(at, "a byte order mark inside the file")
            .help("remove it: it is only allowed at the start of a document"),
        _ => Diagnostic::at(at, format!("control character U+{code:04X}"))
            .help(format!("remove it, or write it as `\\u{code:04x}` in a double-quoted string")),
    }
}
