//! `hallpass status`: has a cluster got what its synchronizers ask for?

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use hallpass_renderer::status::{Cluster, Timestamp};

use crate::allowlists::{names, parse_all};
use crate::cli::{Cli, Output, Status};
use crate::exit::Exit;
use crate::input::{self, Selected};
use crate::report::Problem;
use crate::report::json::print_json;
use crate::report::pretty::status::print_status;
use crate::status::{Question, StatusReport};

pub(crate) fn run(arguments: &Status) -> Exit {
    let file = match file(arguments) {
        Ok(file) => file,
        Err(message) => return usage(&message),
    };
    let mut report = StatusReport::default();
    let Selected { inputs, errors, barren } = input::select(&arguments.allowlists);
    report.errors.extend(errors.into_iter().chain(barren));
    let sources = input::read_all(&inputs, &mut report.errors);
    let parsed = parse_all(&sources, &mut report.errors);
    let allowlists = names(&parsed, &mut report.errors);

    let question = Question {
        cluster: Cluster {
            now: arguments.now.unwrap_or_else(clock),
            allowlists: (!arguments.allowlists.is_empty()).then_some(&allowlists),
        },
        also_wanted: &|_| Vec::new(),
        removed: &arguments.removed,
        snippets: arguments.output == Output::Pretty,
    };
    let Selected { inputs, errors, barren } = input::select(std::slice::from_ref(&file));
    report.errors.extend(errors.into_iter().chain(barren));
    for (name, bytes) in input::read_all(&inputs, &mut report.errors) {
        report.add_file(name, &bytes, &question);
    }
    // Once a synchronizer is deleted, nothing but its absence is left to confirm.
    let nothing = report.summary.synchronizers == 0 && arguments.removed.is_empty();
    if nothing && report.errors.is_empty() {
        report.errors.push(
            Problem::new(&file.display().to_string(), "no AllowlistSynchronizer found: nothing was judged")
                .help("give what `kubectl get allowlistsynchronizer -o yaml` prints"),
        );
    }
    print(arguments, report)
}

/// The file to judge: stdin when none is given and something is piped in.
fn file(arguments: &Status) -> Result<PathBuf, String> {
    let file = match &arguments.file {
        Some(file) => file.clone(),
        None if std::io::stdin().is_terminal() => {
            return Err("nothing to judge was named: give a file, or `-` for stdin".to_owned());
        }
        None => PathBuf::from("-"),
    };
    let stdin = arguments.allowlists.iter().chain([&file]).filter(|path| *path == Path::new("-"));
    if stdin.count() > 1 {
        return Err("stdin can be read only once: `-` is given more than once".to_owned());
    }
    Ok(file)
}

fn clock() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

fn usage(message: &str) -> Exit {
    let mut command = Cli::command();
    command.build();
    let status = command.find_subcommand_mut("status");
    let error = status.map(|status| status.error(ErrorKind::MissingRequiredArgument, message));
    match error.map(|error| error.print()) {
        Some(Ok(())) => Exit::Usage,
        _ => Exit::Internal,
    }
}

fn print(arguments: &Status, mut report: StatusReport) -> Exit {
    report.summary.errors = report.errors.len();
    let done = if arguments.removed.is_empty() {
        report.summary.ready == report.summary.synchronizers
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
