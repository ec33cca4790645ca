//! `hallpass status`: checks that a cluster has the allowlists that its synchronizers should install.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::error::ErrorKind;
use hallpass_renderer::status::Cluster;
use hallpass_report::{Parsed, parse_all};

use crate::cli::{Output, Status};
use crate::clock;
use crate::exit::Exit;
use crate::expected::Expected;
use crate::fleet::{self, Located};
use crate::input::{self, Purpose};
use crate::installed::{names, names_among};
use crate::output::Problem;
use crate::output::json::print_json;
use crate::output::pretty::status::print_status;
use crate::reads::stdin_twice;
use crate::status::{Question, StatusReport};

pub(crate) fn run(arguments: &Status) -> Exit {
    let file = match file(arguments) {
        Ok(file) => file,
        Err(message) => return usage(&message),
    };
    let mut report = StatusReport::default();
    let source = match arguments.fleet.as_deref().map(fleet::source).transpose() {
        Ok(source) => source,
        Err(problems) => return print(arguments, StatusReport::invalid(problems)),
    };
    let located = match source.as_ref().map(Located::read).transpose() {
        Ok(located) => located,
        Err(problems) => return print(arguments, StatusReport::invalid(problems)),
    };
    let expected = located.as_ref().map(|located| Expected::new(located, arguments.cluster.as_deref()));
    let expected = match expected.transpose() {
        Ok(expected) => expected,
        Err(message) => return usage(&message),
    };
    let inputs = input::select(&arguments.allowlists, Purpose::Files).inputs(&mut report.errors);
    let sources = input::read_all(&inputs, &mut report.errors);
    let parsed = parse_all(input::texts(&sources), &mut report.errors);
    report_empty(&sources, &parsed, &mut report.errors);
    let mut allowlists = names(&parsed, &mut report.errors);

    let inputs = input::select(std::slice::from_ref(&file), Purpose::Files).inputs(&mut report.errors);
    let sources = input::read_all(&inputs, &mut report.errors);
    let parsed = parse_all(input::texts(&sources), &mut report.errors);
    report_empty(&sources, &parsed, &mut report.errors);
    allowlists.extend(names_among(&parsed));
    let known = !arguments.allowlists.is_empty() || !allowlists.is_empty();
    let question = Question {
        cluster: Cluster {
            now: arguments.now.unwrap_or_else(clock::now),
            allowlists: known.then_some(&allowlists),
        },
        fleet: expected.as_ref(),
        removed: &arguments.removed,
        snippets: arguments.output == Output::Pretty,
    };
    report.judge(&parsed, &question);
    print(arguments, report)
}

/// kubectl prints a list even if the cluster has no objects, so an empty file means that kubectl failed. Treating it as
/// an empty list would report everything as removed.
fn report_empty(sources: &[(&str, Vec<u8>)], parsed: &[Parsed<'_>], errors: &mut Vec<Problem>) {
    for (file, _) in sources {
        let reported = errors.iter().any(|error| error.file == *file);
        let holds = parsed.iter().any(|parsed| parsed.file == *file && !parsed.document.root().is_null());
        if !reported && !holds {
            errors.push(
                Problem::new(file, "the file is empty, without even an empty list")
                    .help("check whether kubectl could reach the cluster"),
            );
        }
    }
}

/// Returns the file to check: stdin if no file is given and input is piped.
fn file(arguments: &Status) -> Result<PathBuf, String> {
    let file = match &arguments.file {
        Some(file) => file.clone(),
        None if std::io::stdin().is_terminal() => {
            return Err("nothing to check: pass a file, or `-` for stdin".to_owned());
        }
        None => PathBuf::from("-"),
    };
    let named = arguments.allowlists.iter().chain([&file]).chain(&arguments.fleet);
    match stdin_twice(named) {
        Some(message) => Err(message.to_owned()),
        None => Ok(file),
    }
}

fn usage(message: &str) -> Exit {
    super::usage("status", ErrorKind::MissingRequiredArgument, message)
}

fn print(arguments: &Status, mut report: StatusReport) -> Exit {
    report.summary.errors = report.errors.len();
    let done = if arguments.removed.is_empty() {
        report.summary.ready == report.summary.synchronizers && report.missing.is_empty()
    } else {
        report.removed.iter().all(|removed| removed.gone)
    };
    let exit = match done {
        _ if !report.errors.is_empty() => Exit::Input,
        true => Exit::Success,
        false => Exit::Denied,
    };
    match arguments.output {
        Output::Json => print_json(&report, exit),
        Output::Pretty => print_status(&report, arguments.quiet, exit),
    }
}
