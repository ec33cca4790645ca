//! The findings of a command, without the words of one command: the model that all formats for CI print.

pub(crate) use hallpass_lint::Level;

use super::{Place, Problem};
use crate::text::visible;

/// A report, and how the formats print it.
pub(crate) struct Printed<'r, R> {
    /// The report, for JSON.
    pub(crate) report: &'r R,
    /// Returns text for people, with styles, for a width.
    pub(crate) pretty: &'r dyn Fn(usize) -> String,
    /// Returns the model for the other formats.
    pub(crate) findings: fn(&R) -> Findings,
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    /// The name of the subcommand.
    pub(crate) command: &'static str,
    /// The subjects of the run, in the order of the report.
    pub(crate) subjects: Vec<Subject>,
    /// Problems with the input. An error means that something was not checked.
    pub(crate) problems: Vec<Finding>,
    /// The counts, on one line.
    pub(crate) summary: String,
    /// Remarks on what the run did not evaluate, one sentence each.
    pub(crate) remarks: Vec<String>,
}

/// A workload, a test, or anything else with a result.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// `DaemonSet ns/name`, or the name of a test.
    pub(crate) name: String,
    /// The location of its beginning.
    pub(crate) location: Location,
    /// The result.
    pub(crate) result: Status,
    /// The result in words.
    pub(crate) text: String,
    /// The reasons of a failure, most important first, and notes. A failed subject has at least one error or warning:
    /// the formats show a failure as these.
    pub(crate) findings: Vec<Finding>,
}

/// The result for a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// As it should be.
    Passed,
    /// Not as it should be: the run fails.
    Failed,
    /// Not as it should be, but an exception covers every reason.
    Excepted,
}

/// One reason, problem or note.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The level, whether or not an exception covers the finding.
    pub(crate) level: Level,
    /// The id of a constraint or of a rule; empty if none applies.
    pub(crate) rule: String,
    /// The message, on one line.
    pub(crate) message: String,
    /// Explanations, and what to do next, one sentence each.
    pub(crate) help: Vec<String>,
    /// The location; an empty file means the whole run.
    pub(crate) location: Location,
    /// JSON pointer to the value: unlike the line, it stays the same if text is added above.
    pub(crate) path: String,
    /// Locations to compare with, and a text about each.
    pub(crate) related: Vec<(Location, String)>,
    /// Text to copy: where to paste it, and its lines.
    pub(crate) change: Option<(String, String)>,
    /// The reason of the exception that covers it.
    pub(crate) excepted: Option<String>,
    /// Whether the exception is in the file of the finding.
    pub(crate) in_source: bool,
}

/// A part of one line of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Location {
    /// The name of the file; `-` for stdin; empty for the whole run.
    pub(crate) file: String,
    /// The template from which a tool rendered the text.
    pub(crate) template: Option<String>,
    /// The line, from 1.
    pub(crate) line: Option<u32>,
    /// The column, from 1, in Unicode scalars.
    pub(crate) column: Option<u32>,
    /// The column after the value, if it is on one line.
    pub(crate) end_column: Option<u32>,
}

impl Finding {
    /// Creates a finding. An empty `rule` means that none applies.
    pub(crate) fn new(level: Level, rule: impl Into<String>, message: impl Into<String>) -> Self {
        Finding {
            level,
            rule: rule.into(),
            message: message.into(),
            help: Vec::new(),
            location: Location::default(),
            path: String::new(),
            related: Vec::new(),
            change: None,
            excepted: None,
            in_source: false,
        }
    }

    /// Creates a finding for a problem with the input.
    pub(crate) fn of(level: Level, problem: &Problem) -> Self {
        let location = Location {
            file: problem.file.clone(),
            template: problem.template.as_deref().map(str::to_owned),
            line: problem.line,
            column: problem.column,
            end_column: problem.end_column,
        };
        let with = problem.variant.as_deref().map(|variant| format!("with {variant}: ")).unwrap_or_default();
        Finding::new(level, "", format!("{with}{}", problem.message))
            .at(location, problem.path.as_deref().unwrap_or_default())
            .help(problem.help.as_deref().map(str::to_owned))
    }

    /// Returns the level at which platforms show the finding: one that an exception covers blocks nothing.
    pub(crate) fn severity(&self) -> Level {
        if self.excepted.is_some() { Level::Note } else { self.level }
    }

    /// Returns what covers the finding and why: `excepted: REASON`, or `suppressed: REASON` for a comment in its file.
    pub(crate) fn cover(&self) -> Option<String> {
        self.excepted.as_ref().map(|reason| format!("{}: {reason}", self.cover_word()))
    }

    /// Returns the word for a finding that something covers, as the command prints it.
    pub(crate) fn cover_word(&self) -> &'static str {
        if self.in_source { "suppressed" } else { "excepted" }
    }

    /// Returns the message with the name of its subject, unless the location says it.
    pub(crate) fn titled(&self, subject: Option<&Subject>) -> String {
        match subject.map(|subject| &subject.name) {
            Some(name) if !name.is_empty() && *name != self.location.file => {
                format!("{name}: {}", self.message)
            }
            _ => self.message.clone(),
        }
    }

    /// Sets the location, as a position and as a JSON pointer.
    #[must_use]
    pub(crate) fn at(mut self, location: Location, path: impl Into<String>) -> Self {
        self.location = location;
        self.path = path.into();
        self
    }

    /// Adds help lines.
    #[must_use]
    pub(crate) fn help(mut self, help: impl IntoIterator<Item = String>) -> Self {
        self.help.extend(help);
        self
    }
}

impl Subject {
    /// Returns the findings of a severity.
    pub(crate) fn at(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.severity() == level)
    }
}

impl Findings {
    /// Converts the problems of a report.
    pub(crate) fn problems(errors: &[Problem], warnings: &[Problem], notes: &[Problem]) -> Vec<Finding> {
        let levels = [(Level::Error, errors), (Level::Warning, warnings), (Level::Note, notes)];
        let findings = levels
            .into_iter()
            .flat_map(|(level, problems)| problems.iter().map(move |it| Finding::of(level, it)));
        findings.collect()
    }

    /// Returns all findings with the names of their subjects: first the problems, which have none.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Option<&Subject>, &Finding)> {
        let of_subjects =
            self.subjects.iter().flat_map(|it| it.findings.iter().map(move |finding| (Some(it), finding)));
        self.problems.iter().map(|finding| (None, finding)).chain(of_subjects)
    }

    /// Returns the number of subjects with a result.
    pub(crate) fn count(&self, result: Status) -> usize {
        self.subjects.iter().filter(|subject| subject.result == result).count()
    }

    /// Whether something was not checked.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.problems.iter().any(|problem| problem.level == Level::Error)
    }
}

impl Location {
    /// Creates the location of a file.
    pub(crate) fn whole(file: &str) -> Self {
        Location { file: file.to_owned(), ..Location::default() }
    }

    /// Creates the location of a line.
    pub(crate) fn line(file: &str, line: u32) -> Self {
        Location { line: Some(line), ..Location::whole(file) }
    }

    /// Creates the location of a place.
    pub(crate) fn of(file: &str, template: Option<&str>, place: &Place) -> Self {
        Location {
            file: file.to_owned(),
            template: template.map(str::to_owned),
            line: Some(place.line),
            column: Some(place.column),
            end_column: place.end_column,
        }
    }

    /// Returns the file that users edit: the template, or else the file itself, without `./` at its start. `None` for
    /// stdin and for the whole run.
    pub(crate) fn edited(&self) -> Option<&str> {
        let file = self.template.as_deref().or(Some(&*self.file).filter(|file| !matches!(*file, "" | "-")))?;
        let mut short = file;
        while let Some(rest) = short.strip_prefix("./") {
            short = rest.trim_start_matches('/');
        }
        Some(if short.is_empty() { file } else { short })
    }

    /// Returns the line in [`Location::edited`]; `None` for a template, whose lines are not those of the rendered text.
    pub(crate) fn edited_line(&self) -> Option<u32> {
        self.line.filter(|_| self.template.is_none())
    }

    /// Returns `file:line:column` of the text that was checked; empty for the whole run.
    pub(crate) fn shown(&self) -> String {
        let mut shown = visible(&self.file);
        for number in [self.line, self.column.filter(|_| self.line.is_some())].into_iter().flatten() {
            shown.push_str(&format!(":{number}"));
        }
        shown
    }

    /// Returns [`Location::shown`] with the template.
    pub(crate) fn whereabouts(&self) -> String {
        match &self.template {
            Some(template) => format!("{} (template {})", self.shown(), visible(template)),
            None => self.shown(),
        }
    }

    /// Returns the location of the checked text, if [`Location::edited`] and [`Location::edited_line`] do not say it:
    /// `rendered at -:31:21`.
    pub(crate) fn rendered(&self) -> Option<String> {
        match (&self.template, &*self.file) {
            (Some(_), file) if !file.is_empty() => Some(format!("rendered at {}", self.shown())),
            (None, "-") => Some(format!("on stdin, at {}", self.shown())),
            _ => None,
        }
    }
}
