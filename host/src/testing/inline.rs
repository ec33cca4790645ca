//! Workloads in test files: a map, or a block of text.

use std::borrow::Cow;

use hallpass_document::Value;
use hallpass_report::{FileReport, Judge, read_problem, read_workloads};

use super::file::{TestFile, pointer_to};
use crate::selected_engine::SelectedEngine;

/// Evaluates the workload of a test. Every position in the result is one in the test file.
pub(super) fn judge(judge: &Judge<'_, SelectedEngine<'_>>, file: &TestFile<'_>, test: usize) -> FileReport {
    let pointer = format!("{}/workload/inline", pointer_to(test));
    let Some(part) = file.parsed.document.part(&pointer) else { return FileReport::default() };
    match part.root() {
        Value::String(text) => block(judge, file, text, &pointer),
        _ => judge.one(file.name(), &part, &file.parsed.lines),
    }
}

fn block(
    judge: &Judge<'_, SelectedEngine<'_>>,
    file: &TestFile<'_>,
    text: &str,
    pointer: &str,
) -> FileReport {
    let mut report = FileReport::default();
    let line = file.parsed.document.locate(pointer).line;
    let Some(columns) = indentation(file.bytes, line, text) else {
        let help = "write it as a map, or as a block of text after `inline: |`";
        report.errors.push(file.problem(pointer, "`inline` is neither a map nor a block of text", help));
        return report;
    };
    for document in read_workloads(text.as_bytes()) {
        match document {
            Ok(document) => {
                let found = judge.one(file.name(), &document.shifted(line, columns), &file.parsed.lines);
                report.results.extend(found.results);
                report.errors.extend(found.errors);
                report.warnings.extend(found.warnings);
            }
            Err(mut error) => {
                error.shift(line, columns);
                report.errors.push(read_problem(file.name(), &error, &file.parsed.lines));
            }
        }
    }
    report
}

/// Returns the indentation of a literal block whose header is on a line. `None` if the text is in another notation, in
/// which its lines are not those of the file.
fn indentation(file: &[u8], header: u32, text: &str) -> Option<u32> {
    let file = std::str::from_utf8(file).ok()?;
    // YAML also accepts lines that end in CR alone.
    let file = match file.contains('\r') {
        true => Cow::Owned(file.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(file),
    };
    let written = || file.lines().skip(header as usize);
    let first = |line: &str| !line.trim().is_empty();
    let (ours, theirs) = written().zip(text.lines()).find(|(_, line)| first(line))?;
    let columns = ours.strip_suffix(theirs)?.len();
    let is_line = |(ours, theirs): (&str, &str)| match ours.split_at_checked(columns) {
        Some((indent, rest)) => indent.trim_matches(' ').is_empty() && rest == theirs,
        None => theirs.is_empty(),
    };
    let lines = written().take(text.lines().count());
    let is_block = lines.clone().count() == text.lines().count() && lines.zip(text.lines()).all(is_line);
    is_block.then(|| u32::try_from(columns).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::indentation;

    #[test]
    fn only_a_literal_block_has_the_lines_of_the_file() {
        for (file, text, expected) in [
            ("inline: |\n  a: 1\n  b: 2\n", "a: 1\nb: 2\n", Some(2)),
            ("inline: |2\n    a: 1\n\n  b: 2\nc: 3\n", "  a: 1\n\nb: 2\n", Some(2)),
            ("inline: |\r\n  a: 1\r\n  b: 2\r\n", "a: 1\nb: 2\n", Some(2)),
            ("inline: |\r  a: 1\r  b: 2\r", "a: 1\nb: 2\n", Some(2)),
            ("inline: |\n\n  a: 1\n", "\na: 1\n", Some(2)),
            ("inline: >\n  a: 1\n  b: 2\n", "a: 1 b: 2\n", None),
            ("inline: \"a: 1\"\n", "a: 1", None),
            ("inline: \"a: 1\\nb: 2\"\nb: 2\n", "a: 1\nb: 2", None),
        ] {
            assert_eq!(indentation(file.as_bytes(), 1, text), expected, "{file}");
        }
    }
}
