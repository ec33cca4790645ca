//! `render --diff -o markdown`: what a change of the fleet means, for pull requests.

use hallpass_renderer::comparison::Group;

use super::super::{Problem, write_stdout};
use super::{capitalized, code, prose};
use crate::diff::{DiffReport, Kind, heading, words};
use crate::exit::Exit;

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
