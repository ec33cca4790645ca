//! Text for people, within limits: user input of any length may be part of it.

use hallpass_document::push_visible;

/// The maximum size of a message, in bytes.
pub(super) const MESSAGE: usize = 4096;
/// The maximum size of all warnings, in bytes: the API server truncates the rest.
pub(super) const WARNINGS: usize = 4096;
/// The maximum size of a line, in bytes, so that an overlong name leaves space for the rest.
const LINE: usize = 1024;

/// Returns as many lines as fit, truncated if necessary, without characters that could forge or hide a line. The last
/// line gives the number of missing lines.
pub(super) fn bounded(lines: Vec<String>, limit: usize) -> Vec<String> {
    const TAIL: usize = 40;
    let lines: Vec<String> = lines.iter().map(|line| line_of(line)).collect();
    let total: usize = lines.iter().map(|line| line.len() + 1).sum();
    if total <= limit {
        return lines;
    }
    let count = lines.len();
    let mut left = limit - TAIL;
    let mut kept: Vec<String> = lines
        .into_iter()
        .take_while(|line| match left.checked_sub(line.len() + 1) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .collect();
    kept.push(format!("... and {} more lines", count - kept.len()));
    kept
}

fn line_of(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(LINE));
    for c in text.chars() {
        if line.len() >= LINE {
            line.push_str("...");
            break;
        }
        push_visible(&mut line, c);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{MESSAGE, bounded};

    #[test]
    fn no_text_is_longer_than_its_limit() {
        for lines in
            [vec!["x".repeat(100_000)], vec!["\u{2028}".repeat(5000); 40], vec!["line".to_owned(); 3000]]
        {
            let text = bounded(lines, MESSAGE).join("\n");
            assert!(text.len() <= MESSAGE, "{}", text.len());
            assert!(!text.contains('\u{2028}'));
        }
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let lines = bounded(vec!["y".repeat(1000); 7], MESSAGE);
        assert_eq!(lines.last().unwrap(), "... and 3 more lines");
        assert_eq!(bounded(vec!["a\nb\u{9b}c".to_owned()], MESSAGE), ["a\\nb\\u{9b}c"]);
    }
}
