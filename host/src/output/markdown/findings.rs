//! `-o markdown` of findings: for the summary of a CI job, or for one comment on a pull request.

use super::{code, longest_run, prose};
use crate::output::findings::{Finding, Findings, Status, Subject};
use crate::text::{counted, shortened, visible};

/// GitHub refuses comments with more than 65,536 characters. The summary of a job may be longer.
const LIMIT: usize = 65_000;

/// The room for the note that something is left out, and for the remarks.
const RESERVED: usize = 3000;

/// The maximum length of the block of one subject, so that one does not push out all others.
const BLOCK: usize = 8000;

/// The maximum length of one message.
const MESSAGE: usize = 1500;

/// The maximum number of problems, and of rows of failed subjects.
const ROWS: usize = 100;

/// Up to so many subjects without failure are listed.
const PASSED: usize = 20;

pub(crate) fn render(findings: &Findings) -> String {
    let mut page = Page { text: String::new(), room: LIMIT - RESERVED };
    // Finds the comment of an earlier run.
    page.push(&format!("<!-- hallpass {} -->\n\n", findings.command));
    page.push(&format!(
        "### hallpass {}: {}\n",
        findings.command,
        prose(&shortened(&findings.summary, MESSAGE))
    ));
    let left_out = [problems, table, details].map(|part| part(findings, &mut page)).contains(&true);
    let mut text = page.text;
    if left_out {
        text.push_str(
            "\nSome findings are left out, because GitHub limits the length. Other formats list all.\n",
        );
    }
    if !findings.remarks.is_empty() {
        let remarks = shortened(&findings.remarks.join("; "), MESSAGE);
        text.push_str(&format!("\n**note**: {}\n", prose(&remarks)));
    }
    text
}

/// The text so far.
struct Page {
    text: String,
    /// The number of characters that still fit.
    room: usize,
}

impl Page {
    /// Appends a block if it fits, and returns whether it does.
    fn push(&mut self, block: &str) -> bool {
        let length = block.chars().count();
        let fits = length <= self.room;
        if fits {
            self.room -= length;
            self.text.push_str(block);
        }
        fits
    }
}

/// Lists what could not be checked, and what is probably not intended. Returns whether something is left out.
fn problems(findings: &Findings, page: &mut Page) -> bool {
    let mut problems: Vec<&Finding> = findings.problems.iter().collect();
    problems.sort_by_key(|problem| problem.level);
    let is_left_out = problems.len() > ROWS;
    let mut fits = problems.is_empty() || page.push("\n");
    for problem in problems.into_iter().take(ROWS) {
        fits &= page.push(&item(problem));
    }
    is_left_out || !fits
}

/// Lists the subjects: first those that fail; the others only if they are few.
fn table(findings: &Findings, page: &mut Page) -> bool {
    let listed = |result| findings.subjects.iter().filter(move |subject| subject.result == result);
    let passed = findings.count(Status::Passed);
    let others = if passed > PASSED { 0 } else { passed };
    let failing = findings.subjects.len() - passed;
    let rows: Vec<&Subject> = listed(Status::Failed)
        .chain(listed(Status::Excepted))
        .take(ROWS)
        .chain(listed(Status::Passed).take(others))
        .collect();
    let mut fits = rows.is_empty() || page.push("\n| result | name | place |\n|---|---|---|\n");
    for subject in rows {
        let (text, name) = (cell(&subject.text, prose), cell(&subject.name, code));
        let place = cell(&subject.location.whereabouts(), code);
        fits &= page.push(&format!("| {text} | {name} | {place} |\n"));
    }
    if passed > others {
        page.push(&format!("\n{passed} that passed are not listed.\n"));
    }
    failing > ROWS || !fits
}

/// Returns text in a table. A pipe ends a cell, even in a code span.
fn cell(text: &str, as_markdown: fn(&str) -> String) -> String {
    let shown = shortened(text, MESSAGE);
    if shown.contains('|') { format!("<code>{}</code>", entities(&shown)) } else { as_markdown(&shown) }
}

/// Shows the findings of each subject, folded.
fn details(findings: &Findings, page: &mut Page) -> bool {
    let mut left_out = 0;
    for result in [Status::Failed, Status::Excepted, Status::Passed] {
        let subjects = findings.subjects.iter().filter(|it| it.result == result && !it.findings.is_empty());
        left_out += subjects.filter(|subject| !page.push(&folded(subject))).count();
    }
    if left_out > 0 {
        page.room = page.room.max(RESERVED / 2);
        page.push(&format!(
            "\nNo room is left for the findings of {}.\n",
            counted(left_out, "more of these")
        ));
    }
    left_out > 0
}

fn folded(subject: &Subject) -> String {
    let title = format!(
        "{} <code>{}</code>",
        entities(&shortened(&subject.text, MESSAGE)),
        entities(&shortened(&subject.name, MESSAGE)),
    );
    let mut block = format!("\n<details><summary>{title}</summary>\n\n");
    let mut hidden = 0;
    for finding in &subject.findings {
        let item = item(finding);
        match block.len() + item.len() <= BLOCK {
            true => block.push_str(&item),
            false => hidden += 1,
        }
    }
    if hidden > 0 {
        block.push_str(&format!(
            "- and {} that are too long for this page\n",
            counted(hidden, "more finding")
        ));
    }
    block.push_str("\n</details>\n");
    block
}

/// Returns a finding as an item of a list, with what to do.
fn item(finding: &Finding) -> String {
    /// The maximum number of lines to copy that are shown.
    const LINES: usize = 20;
    let rule = if finding.rule.is_empty() { String::new() } else { format!(" {}", code(&finding.rule)) };
    let place = finding.location.whereabouts();
    let place = if place.is_empty() { place } else { format!(" at {}", code(&place)) };
    let message = |text: &str| prose(&shortened(text, MESSAGE));
    let level = if finding.excepted.is_some() { finding.cover_word() } else { finding.level.name() };
    let mut item = format!("- **{level}**{rule}{place}: {}\n", message(&finding.message));
    for (location, text) in &finding.related {
        item.push_str(&format!("  - see {}: {}\n", code(&location.whereabouts()), message(text)));
    }
    for help in &finding.help {
        item.push_str(&format!("  - help: {}\n", message(help)));
    }
    if let Some(reason) = &finding.excepted {
        item.push_str(&format!("  - {}: {}\n", finding.cover_word(), message(reason)));
    }
    if let Some((introduction, text)) = &finding.change {
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        item.push_str(&format!("  - help: {}\n\n    {fence}yaml\n", message(introduction)));
        for line in text.lines().take(LINES) {
            item.push_str(&format!("    {}\n", shortened(line, MESSAGE)));
        }
        let more = text.lines().count().saturating_sub(LINES);
        if more > 0 {
            item.push_str(&format!("    # ... and {}\n", counted(more, "more line")));
        }
        item.push_str(&format!("    {fence}\n"));
    }
    item
}

/// Returns text within HTML. Every character that could be markup is a reference.
fn entities(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            ' ' | '.' | ',' | ';' | '/' | '-' => escaped.push(c),
            _ if c.is_ascii_punctuation() => escaped.push_str(&format!("&#{};", u32::from(c))),
            _ => escaped.push(c),
        }
    }
    escaped
}
