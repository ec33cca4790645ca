//! `-o markdown`: text for pull requests.

use hallpass_renderer::comparison::Group;

use super::{Problem, write_stdout};
use crate::diff::{DiffReport, Kind, heading, words};
use crate::exit::Exit;
use crate::text::visible;

pub(crate) fn print_diff(report: &DiffReport, exit: Exit) -> Exit {
    write_stdout(diff(report).as_bytes(), exit)
}

pub(crate) fn diff(report: &DiffReport) -> String {
    let mut text = String::new();
    if report.errors.is_empty() {
        text.push_str(&format!("### {}\n", capitalized(&report.summary())));
    } else {
        text.push_str("### The fleets cannot be compared\n");
    }
    for group in &report.comparison.groups {
        section(group, &mut text);
    }
    for (level, problems) in [("error", &report.errors), ("warning", &report.warnings)] {
        if !problems.is_empty() {
            text.push('\n');
        }
        problems.iter().for_each(|found| problem(level, found, &mut text));
    }
    text
}

fn section(group: &Group, text: &mut String) {
    let names: Vec<String> = group.clusters.iter().map(|name| code(name)).collect();
    text.push_str(&format!("\n**{}** {}\n\n", capitalized(heading(group)), names.join(", ")));
    for change in &group.changes {
        let (kind, words) = words(change, code);
        let kind = match kind {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed => "changed",
        };
        text.push_str(&format!("- **{kind}** {words}\n"));
    }
}

fn problem(level: &str, problem: &Problem, text: &mut String) {
    let place = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = format!("{}{place}", problem.file);
    text.push_str(&format!("- **{level}** in {}: {}", code(&place), prose(&problem.message)));
    if let Some(help) = &problem.help {
        text.push_str(&format!(" ({})", prose(help)));
    }
    text.push('\n');
}

/// A message. User input in it may contain backticks, and so end its code span: a message with other markup is one span.
fn prose(message: &str) -> String {
    if message.contains(['<', '>', '[', ']', '@', '|', '\\']) { code(message) } else { visible(message) }
}

/// A code span. Its delimiter is longer than any run of backticks within.
fn code(plain: &str) -> String {
    let shown = visible(plain);
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let delimiter = "`".repeat(longest + 1);
    let pad = if longest > 0 || shown.is_empty() { " " } else { "" };
    format!("{delimiter}{pad}{shown}{pad}{delimiter}")
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn no_input_in_a_message_becomes_markup() {
        assert_eq!(prose("workload `a` has no `b`"), "workload `a` has no `b`");
        let hostile = "unknown `a` <img src=x> @org [b](http://c) `d`";
        assert_eq!(prose(hostile), format!("`` {hostile} ``"));
    }
}
