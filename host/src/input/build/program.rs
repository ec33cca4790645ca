//! Runs a program that renders manifests: without input, without access to the network, with limited output.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

use super::super::{MAX_BYTES, plain};

/// The part of stderr that is kept, in bytes.
const STDERR_BYTES: u64 = 16 * 1024;

/// A proxy that refuses every connection: nothing listens on port 1.
const NO_PROXY: &str = "http://127.0.0.1:1";

/// The output of a program that succeeded.
pub(super) struct Output {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

/// The reason why a program did not print manifests.
pub(super) enum Failure {
    /// The program cannot be started, or its output cannot be read.
    System(String),
    /// The program printed more than a file may contain.
    TooLarge,
    /// The program failed.
    Exit { status: ExitStatus, stderr: Vec<u8> },
}

/// Runs a command to its end; `None` if its program is not on the `PATH`. There is no time limit: large charts render
/// for minutes, and Ctrl-C also ends the program.
/// `private` is an empty folder that takes the place of the user's settings.
pub(super) fn run(command: &mut Command, private: &Path) -> Option<Result<Output, Failure>> {
    isolate(command, private);
    match command.spawn() {
        Ok(child) => Some(output(child)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(Failure::System(format!("cannot be started: {}", plain(&error))))),
    }
}

fn output(mut child: Child) -> Result<Output, Failure> {
    let errors = child.stderr.take().map(|stderr| thread::spawn(move || start(stderr)));
    let stdout = whole(&mut child)?;
    let status = child.wait().map_err(|error| unreadable(&error))?;
    let stderr = errors.and_then(|errors| errors.join().ok()).unwrap_or_default();
    if status.success() { Ok(Output { stdout, stderr }) } else { Err(Failure::Exit { status, stderr }) }
}

/// Removes everything from the command's environment through which a user's settings could change the result, start
/// plugins or reach the network.
fn isolate(command: &mut Command, private: &Path) {
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"HELM_") {
            command.env_remove(name);
        }
    }
    for name in
        ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS", "KUSTOMIZE_PLUGIN_HOME"]
    {
        command.env(name, private);
    }
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
        command.env(name, NO_PROXY);
    }
    command
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env("HELM_NO_PLUGINS", "1")
        // The current context of a cluster would set the namespace.
        .env("KUBECONFIG", private.join("kubeconfig"))
        // kubectl's preferences can add options to every command.
        .env("KUBERC", "off")
        .env("KUBECTL_KUBERC", "false")
        // kustomize clones remote folders with git.
        .env("GIT_ALLOW_PROTOCOL", "none")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}

/// Reads stdout to its end, and ends a program that prints too much.
fn whole(child: &mut Child) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let Some(stdout) = child.stdout.take() else { return Ok(bytes) };
    let read = stdout.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    if read.is_ok() && bytes.len() as u64 <= MAX_BYTES {
        return Ok(bytes);
    }
    // The program may have ended by itself.
    let _ended = child.kill();
    child.wait().map_err(|error| unreadable(&error))?;
    read.map_err(|error| unreadable(&error))?;
    Err(Failure::TooLarge)
}

/// Reads a stream to its end, and keeps its start.
fn start(mut stream: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // The text before an error is still worth showing.
    let _kept = stream.by_ref().take(STDERR_BYTES).read_to_end(&mut bytes);
    let _dropped = io::copy(&mut stream, &mut io::sink());
    bytes
}

fn unreadable(error: &io::Error) -> Failure {
    Failure::System(format!("cannot be read: {}", plain(error)))
}
