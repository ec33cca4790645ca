//! Compares the results of RE2 and Go (`table.tsv`) with [`Matcher`], row by row.

use hallpass_re2::{Entry, Matcher};

const TABLE: &str = include_str!("table.tsv");

#[test]
fn answers_as_go_and_re2_do() {
    let mut differences = Vec::new();
    let mut rows = 0;
    for row in TABLE.lines() {
        rows += 1;
        let cells: Vec<&str> = row.split('\t').collect();
        let [pattern, text, verdict, _, go] = cells[..] else { panic!("a row of five cells: {row}") };
        let (pattern, text) = (expand(pattern).expect(row), expand(text).expect(row));
        let (answer, message) = match Matcher::new([Entry::Pattern(&pattern)]) {
            Ok(matcher) if matcher.matches(&text) => ("match", String::new()),
            Ok(_) => ("no match", String::new()),
            Err(errors) => ("error", errors[0].1.to_string()),
        };
        if answer != verdict {
            differences.push(format!("{row}\n    here: {answer} {message}"));
        }
        // If Go also rejects the pattern, our message is the same.
        if let Some(words) = go.strip_prefix("error: ")
            && !message.starts_with(words)
        {
            differences.push(format!("{row}\n    here: {message}"));
        }
    }
    assert!(rows > 850, "the table has only {rows} rows");
    assert!(differences.is_empty(), "{} rows differ:\n{}", differences.len(), differences.join("\n"));
}

/// Decodes the notation of the table, which `regenerate.py` explains.
fn expand(cell: &str) -> Option<String> {
    let cell = cell.replace('∅', "").replace('␊', "\n").replace('␉', "\t");
    let mut pieces = cell.split('⟨');
    let mut text = pieces.next()?.to_owned();
    for piece in pieces {
        let (notation, rest) = piece.split_once('⟩')?;
        text += &match notation.rsplit_once('×') {
            Some((part, times)) => part.repeat(times.parse().ok()?),
            None => char::from_u32(u32::from_str_radix(notation.strip_prefix("U+")?, 16).ok()?)?.to_string(),
        };
        text += rest;
    }
    Some(text)
}
