//! `hallpass serve`: the page over HTTP, from the binary.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::hallpass;

/// A server that stops when it is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let mut command = hallpass();
        let mut child = command.args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix("/\n"));
        Server { child, port: port.unwrap().parse().unwrap() }
    }

    /// Returns the head and body of a response.
    fn ask(&self, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.replace("PORT", &self.port.to_string()).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn page() -> Option<hallpass_page::Page> {
    let page = hallpass_page::page();
    if page.is_none() {
        println!("skipped: this was built without the page; `cargo xtask dist` makes it");
    }
    page
}

#[test]
fn it_shows_the_page_as_it_was_built() {
    let Some(page) = page() else { return };
    let server = Server::start();
    let (head, body) = server.ask("GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let nonce = nonce(&body);
    assert!(body.replace(nonce, page.nonce) == page.html);
    let (head_alone, nothing) = server.ask("HEAD / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n");
    assert_eq!((head_alone.len(), nothing.as_str()), (head.len(), ""));
    for header in [
        format!("Content-Length: {}", body.len()),
        format!(
            "Content-Security-Policy: {}; frame-ancestors 'none'",
            page.policy.replace(page.nonce, nonce)
        ),
        "X-Content-Type-Options: nosniff".to_owned(),
        "Content-Type: text/html; charset=utf-8".to_owned(),
    ] {
        assert!(head.lines().any(|line| line == header), "no `{header}` in {head}");
    }
    assert!(page.policy.starts_with("default-src 'none'; script-src 'sha256-"), "{}", page.policy);
    assert!(!page.policy.contains("http"), "{}", page.policy);
}

/// Returns the nonce for the page's own styles.
fn nonce(body: &str) -> &str {
    let (_, rest) = body.split_once(r#"<meta name="style-nonce" content=""#).unwrap();
    rest.split_once('"').unwrap().0
}

#[test]
fn each_answer_has_a_nonce_of_its_own() {
    let Some(page) = page() else { return };
    let server = Server::start();
    let mut seen = vec![page.nonce.to_owned()];
    for _ in 0..3 {
        let (head, body) = server.ask("GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n");
        let nonce = nonce(&body).to_owned();
        assert!(head.contains(&format!("'nonce-{nonce}'")), "{head}");
        assert!(!seen.contains(&nonce), "{nonce} comes twice");
        seen.push(nonce);
    }
}

#[test]
fn those_who_say_nothing_keep_nobody_waiting() {
    if page().is_none() {
        return;
    }
    let server = Server::start();
    let silent: Vec<TcpStream> =
        (0..40).map(|_| TcpStream::connect(("127.0.0.1", server.port)).unwrap()).collect();
    let start = Instant::now();
    assert!(server.ask("GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n").0.starts_with("HTTP/1.1 200 OK"));
    assert!(start.elapsed() < Duration::from_secs(2), "it took {:?}", start.elapsed());
    drop(silent);
}

#[test]
fn it_answers_nobody_who_means_another_machine() {
    if page().is_none() {
        return;
    }
    let server = Server::start();
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n", "421 Misdirected Request"),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", "421 Misdirected Request"),
        ("GET / HTTP/1.0\r\n\r\n", "421 Misdirected Request"),
        ("POST / HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 0\r\n\r\n", "405 Method Not Allowed"),
        ("GET /other HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "404 Not Found"),
        ("hello\r\n\r\n", "400 Bad Request"),
    ] {
        let (head, body) = server.ask(request);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{request}: {head}");
        assert!(body.len() < 100, "{body}");
    }
    // The server still serves the next client.
    assert!(server.ask("GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n").0.starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    if page().is_none() {
        return;
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let output = hallpass().args(["serve", "--port", &port.to_string()]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with(&format!("error: cannot listen on port {port}: ")), "{error}");
    assert!(error.contains("help: select another port with `--port`; 0 selects any free port"), "{error}");
}

#[test]
fn without_a_page_it_says_how_to_get_one() {
    if hallpass_page::page().is_some() {
        println!("skipped: this was built with the page");
        return;
    }
    let output = hallpass().arg("serve").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("error: this binary was built without the page\n"), "{error}");
    assert!(error.contains("`cargo xtask dist`"), "{error}");
}
