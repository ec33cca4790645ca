//! Explains JSON syntax errors.

use jiter::{JiterError, JiterErrorType, JsonErrorType};

use hallpass_document::{Diagnostic, Position};

pub(super) fn syntax(error: &JiterError, at: Position) -> Diagnostic {
    let JiterErrorType::JsonError(kind) = &error.error_type else {
        return Diagnostic::at(at, format!("not valid JSON: {}", error.error_type));
    };
    let (what, help) = match kind {
        JsonErrorType::EofWhileParsingList
        | JsonErrorType::EofWhileParsingObject
        | JsonErrorType::EofWhileParsingString
        | JsonErrorType::EofWhileParsingValue => ("it ends too early", "is the file complete?"),
        JsonErrorType::ExpectedColon => ("a `:` is missing here", "write `\"key\": value`"),
        JsonErrorType::ExpectedListCommaOrEnd => {
            ("a `,` or `]` is missing here", "separate the items with commas")
        }
        JsonErrorType::ExpectedObjectCommaOrEnd => {
            ("a `,` or `}` is missing here", "separate the fields with commas")
        }
        JsonErrorType::ExpectedSomeIdent | JsonErrorType::ExpectedSomeValue => {
            ("no value starts like this", "strings need double quotes")
        }
        JsonErrorType::InvalidEscape => ("this escape has no meaning", "write a backslash twice"),
        JsonErrorType::UnexpectedEndOfHexEscape => {
            ("this escape is too short", "`\\u` takes four hexadecimal digits")
        }
        JsonErrorType::LoneLeadingSurrogateInHexEscape | JsonErrorType::InvalidUnicodeCodePoint => (
            "this escape is not a character",
            "half of a surrogate pair is not a character; write the character itself",
        ),
        JsonErrorType::InvalidNumber | JsonErrorType::NumberOutOfRange => {
            ("this is not a number", "numbers have no leading zero, and digits on both sides of the point")
        }
        JsonErrorType::ControlCharacterWhileParsingString => {
            ("a string contains a control character", "write it as an escape: `\\n`, `\\t`, `\\u0000`")
        }
        JsonErrorType::KeyMustBeAString => ("a key must be a string", "put it in double quotes"),
        JsonErrorType::TrailingComma => ("a comma has nothing after it", "remove the comma"),
        other => return Diagnostic::at(at, format!("not valid JSON: {other}")),
    };
    Diagnostic::at(at, format!("not valid JSON: {what}")).help(help)
}
