//! `hallpass`: would GKE Autopilot admit this workload? If not, which field on which line does it refuse?

mod allowlists;
mod chart_runs;
mod cli;
mod clock;
mod command;
mod config;
mod diff;
mod exit;
mod expected;
mod fleet;
mod git;
mod input;
mod installed;
mod judging;
mod output;
mod profile;
mod progress;
mod reads;
mod rendered;
mod repository;
mod resolve;
mod selected_engine;
mod semantics;
mod server;
mod source;
mod status;
mod testing;
mod text;
mod verdict_diff;

use clap::Parser as _;
use clap::error::ErrorKind;

use cli::{Cli, Command};
use exit::Exit;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.kind() == ErrorKind::DisplayVersion => return command::wasm::version(),
        Err(mut error) => {
            command::unknown::explain(&mut error, std::env::args_os().skip(1));
            if error.use_stderr() {
                return error.print().map_or(Exit::Internal, |()| Exit::Usage);
            }
            // Help goes to stdout and is not an error.
            return output::write_styled(&error.render().ansi().to_string(), Exit::Success);
        }
    };
    cli.color.write_global();
    match cli.command {
        Command::Check(arguments) => command::check::run(&arguments),
        Command::Test(arguments) => command::test::run(&arguments),
        Command::Lint(arguments) => command::lint::run(&arguments),
        Command::Render(arguments) => command::render::run(&arguments),
        Command::Status(arguments) => command::status::run(&arguments),
        Command::Generate(arguments) => command::generate::run(&arguments),
        Command::Diff(arguments) => command::diff::run(&arguments),
        Command::Mirror(arguments) => command::mirror::run(&arguments),
        Command::Compile(arguments) => command::compile::run(&arguments),
        Command::Digests(arguments) => command::digests::run(&arguments),
        Command::Explain { ids } => command::explain::run(&ids),
        Command::Partners(arguments) => command::partners::run(&arguments),
        Command::Serve(arguments) => command::serve::run(&arguments),
        Command::Wasm { action } => command::wasm::run(&action),
        Command::Schema { name } => command::schema::run(name),
        Command::Completions { shell } => command::completions::run(shell),
    }
}
