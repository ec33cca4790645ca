//! `-o FORMAT[=FILE]`: which format is written where.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, ValueEnum};

use serde::Serialize;

use super::findings::Printed;
use super::{file, github, gitlab, json, junit, markdown, pretty, sarif, write_stdout, write_styled};
use crate::exit::Exit;
use crate::reads::{Reads, replaced};

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Pretty,
    /// One JSON object; `hallpass schema --help` lists the schemas
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// JUnit XML, for CI servers: one test case per workload, test or allowlist
    Junit,
    /// Workflow commands of GitHub Actions: ten annotations of each kind
    Github,
    /// A report for GitLab's Code Quality
    Gitlab,
    /// Text for the summary of a job, or for a comment on a pull request
    Markdown,
}

/// One value of `-o`.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    format: Format,
    /// `None` for stdout.
    file: Option<PathBuf>,
}

/// All values of `-o`.
#[derive(Args, Clone, Debug)]
pub(crate) struct Outputs {
    /// The output format, on stdout or in a file; repeat the option for several formats
    #[arg(short, long, value_name = "FORMAT[=FILE]", default_value = "pretty", value_parser = DestinationParser)]
    output: Vec<Destination>,
}

impl Outputs {
    /// Returns why the values contradict each other.
    pub(crate) fn conflict(&self) -> Option<String> {
        if self.output.iter().filter(|destination| destination.file.is_none()).count() > 1 {
            return Some(
                "only one format can be written to stdout: name a file for the others, as in `-o json=FILE`"
                    .to_owned(),
            );
        }
        let mut seen = HashSet::new();
        let mut files = self.output.iter().filter_map(|destination| destination.file.as_ref());
        let twice = files.find(|path| !seen.insert(file::identity(path)))?;
        Some(format!("`{}` is the file of two formats: name different files", twice.display()))
    }

    /// Returns why a report would overwrite a file that the run reads.
    pub(crate) fn overwrite(&self, reads: impl FnOnce() -> Reads) -> Option<String> {
        let files = self.output.iter().filter_map(|destination| destination.file.as_deref());
        let input = replaced(files, reads)?;
        Some(format!("`{}` is read, and a report would overwrite it: name another file", input.display()))
    }

    /// Whether a format is asked for.
    pub(crate) fn include(&self, format: Format) -> bool {
        self.output.iter().any(|destination| destination.format == format)
    }

    /// Writes a report in every format that is asked for. Returns the exit code of the run: a report that is missing
    /// must not look like success.
    pub(crate) fn write(&self, report: &Printed<'_, impl Serialize>, exit: Exit) -> Exit {
        self.output.iter().fold(exit, |exit, destination| destination.write(report, exit))
    }
}

impl Destination {
    fn write(&self, report: &Printed<'_, impl Serialize>, exit: Exit) -> Exit {
        let Some(path) = &self.file else {
            return match self.format {
                Format::Pretty => write_styled(&(report.pretty)(pretty::width()), exit),
                _ => match self.text(report) {
                    Ok(text) => write_stdout(text.as_bytes(), exit),
                    Err(_) => Exit::Internal,
                },
            };
        };
        let Ok(text) = self.text(report) else { return Exit::Internal };
        match file::write(path, text.as_bytes()) {
            Ok(()) => exit,
            Err(problem) => pretty::print_error(&problem, exit.or_input()),
        }
    }

    /// Returns the text of a file, without styles.
    fn text(&self, report: &Printed<'_, impl Serialize>) -> serde_json::Result<String> {
        let findings = || (report.findings)(report.report);
        Ok(match self.format {
            Format::Pretty => pretty::plain(&(report.pretty)(pretty::FILE_WIDTH)),
            Format::Json => json::text(report.report)?,
            Format::Sarif => sarif::render(&findings())?,
            Format::Junit => junit::render(&findings()),
            Format::Github => github::render(&findings()),
            Format::Gitlab => gitlab::render(&findings())?,
            Format::Markdown => markdown::findings::render(&findings()),
        })
    }
}

/// Parses `FORMAT[=FILE]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DestinationParser;

impl TypedValueParser for DestinationParser {
    type Value = Destination;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Destination, clap::Error> {
        let Some(text) = value.to_str() else {
            return Err(clap::Error::new(ErrorKind::InvalidUtf8).with_cmd(command));
        };
        let (format, file) = match text.split_once('=') {
            Some((format, file)) => (format, Some(file)),
            None => (text, None),
        };
        let format = EnumValueParser::<Format>::new().parse_ref(command, argument, OsStr::new(format))?;
        if file == Some("") {
            let message =
                format!("no file is named after `{text}`: write `{text}FILE`, or without `=` for stdout");
            return Err(command.clone().error(ErrorKind::InvalidValue, message));
        }
        // As everywhere else, `-` is stdout.
        let file = file.filter(|file| *file != "-").map(PathBuf::from);
        Ok(Destination { format, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Format::value_variants().iter().filter_map(Format::to_possible_value)))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Format, Outputs};
    use crate::reads::Reads;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        outputs: Outputs,
    }

    fn parsed(arguments: &[&str]) -> Result<Outputs, String> {
        let cli = Cli::try_parse_from([&["hallpass"], arguments].concat());
        cli.map(|cli| cli.outputs).map_err(|error| error.to_string())
    }

    #[test]
    fn a_value_names_a_format_and_a_file() {
        let outputs = parsed(&[]).unwrap();
        assert!(outputs.include(Format::Pretty) && !outputs.include(Format::Json));
        let outputs = parsed(&["-o", "json=a=b.json", "-o", "pretty"]).unwrap();
        assert_eq!(outputs.output[0].file.as_deref(), Some("a=b.json".as_ref()));
        assert_eq!((outputs.output[1].file.as_deref(), outputs.output.len()), (None, 2));
        assert_eq!(parsed(&["-o", "json=-"]).unwrap().output[0].file, None);
    }

    #[test]
    fn invalid_values_are_refused() {
        assert!(parsed(&["-o", "json="]).unwrap_err().contains("no file is named after `json=`"));
        let error = parsed(&["-o", "xml=a.xml"]).unwrap_err();
        assert!(error.contains("invalid value 'xml'") && error.contains("pretty, json, sarif"), "{error}");
    }

    #[test]
    fn stdout_and_a_file_hold_one_format_each() {
        let conflict = |arguments: &[&str]| parsed(arguments).unwrap().conflict();
        assert_eq!(conflict(&["-o", "json", "-o", "pretty=a"]), None);
        assert!(conflict(&["-o", "json", "-o", "pretty"]).unwrap().contains("stdout"));
        assert!(conflict(&["-o", "json=-", "-o", "pretty"]).unwrap().contains("stdout"));
        let twice = conflict(&["-o", "json=a", "-o", "pretty=./a"]).unwrap();
        assert_eq!(twice, "`./a` is the file of two formats: name different files");
    }

    #[test]
    fn a_report_does_not_overwrite_an_input() {
        let outputs = parsed(&["-o", "json=src/../Cargo.toml", "-o", "sarif=autopilot"]).unwrap();
        let reads = |path: &str| {
            let mut reads = Reads::default();
            reads.files([&path.into()]);
            reads
        };
        assert_eq!(outputs.overwrite(|| reads("build.rs")), None);
        let message = outputs.overwrite(|| reads("Cargo.toml")).unwrap();
        assert_eq!(
            message,
            "`src/../Cargo.toml` is read, and a report would overwrite it: name another file"
        );
    }
}
