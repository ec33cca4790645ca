//! `-o json`

use hallpass_document::is_hidden;
use serde::Serialize;

use super::write_stdout;
use crate::exit::Exit;

pub(crate) fn print_json(report: &impl Serialize, exit: Exit) -> Exit {
    match text(report) {
        Ok(json) => write_stdout(json.as_bytes(), exit),
        Err(_) => Exit::Internal,
    }
}

/// Returns a report as a JSON file.
pub(crate) fn text(report: &impl Serialize) -> serde_json::Result<String> {
    Ok(escaped(serde_json::to_string_pretty(report)?) + "\n")
}

/// Escapes JSON for terminals. Apart from line breaks, hidden characters occur only in strings.
fn escaped(json: String) -> String {
    let is_raw = |c: char| c != '\n' && is_hidden(c);
    if !json.contains(is_raw) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_raw(c) {
            let mut units = [0; 2];
            escaped.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use hallpass_document::is_hidden;
    use proptest::prelude::*;

    use super::escaped;

    proptest! {
        #[test]
        fn nothing_hidden_is_left_and_nothing_lost(text in any::<String>(), hidden in "[\\p{Cc}\\p{Cf}\\x{E0000}-\\x{E01EF}]{1,4}") {
            let value = serde_json::json!({ format!("{hidden}{text}"): [format!("{text}{hidden}")] });
            let json = escaped(serde_json::to_string_pretty(&value).unwrap());
            prop_assert!(!json.contains(|c| c != '\n' && is_hidden(c)), "{json:?}");
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
        }
    }
}
