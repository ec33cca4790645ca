//! `hallpass serve`: serves the page of docs/browser.md from the binary, only on this machine.

use crate::cli::Serve;
use crate::exit::Exit;
use crate::output::pretty::print_error;
use crate::output::{Problem, write_stdout};
use crate::server::Server;

pub(crate) fn run(arguments: &Serve) -> Exit {
    let Some(page) = hallpass_page::page() else {
        let problem = Problem::new("", "this binary was built without the page")
            .help("build the page with `cargo xtask dist`, which needs Node, and then build hallpass");
        return print_error(&problem, Exit::Input);
    };
    let server = match Server::bind(arguments.port, page) {
        Ok(server) => server,
        Err(error) => {
            let message = format!("cannot listen on port {}: {error}", arguments.port);
            let problem =
                Problem::new("", message).help("select another port with `--port`; 0 selects any free port");
            return print_error(&problem, Exit::Input);
        }
    };
    let line = format!("http://127.0.0.1:{}/\n", server.port());
    match write_stdout(line.as_bytes(), Exit::Success) {
        Exit::Success => {
            server.run();
            Exit::Success
        }
        exit => exit,
    }
}
