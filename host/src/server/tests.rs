//! Tests without the page of docs/browser.md, which a build may lack.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::Server;
use hallpass_page::Page;

const PAGE: Page = Page { html: "<p nonce=BUILD>", policy: "style-src 'nonce-BUILD'", nonce: "BUILD" };

/// Starts a server that runs until the tests end, and returns its port.
fn start() -> u16 {
    let server = Server::bind(0, PAGE).unwrap();
    let port = server.port();
    std::thread::spawn(move || server.run());
    port
}

fn connect(port: u16) -> TcpStream {
    TcpStream::connect(("127.0.0.1", port)).unwrap()
}

fn ask(port: u16) -> String {
    let mut stream = connect(port);
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn each_answer_has_a_nonce_of_its_own() {
    let port = start();
    let mut seen = vec!["BUILD".to_owned()];
    for _ in 0..20 {
        let answer = ask(port);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let nonce = body.strip_prefix("<p nonce=").and_then(|rest| rest.strip_suffix('>')).unwrap();
        assert!(head.contains(&format!("Content-Security-Policy: style-src 'nonce-{nonce}'; ")), "{head}");
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
        assert!(nonce.len() == 32 && !seen.contains(&nonce.to_owned()), "{nonce}");
        seen.push(nonce.to_owned());
    }
}

#[test]
fn those_who_say_nothing_keep_nobody_waiting() {
    let port = start();
    for count in [40, 200] {
        let mut silent: Vec<TcpStream> = (0..count).map(|_| connect(port)).collect();
        for _ in 0..3 {
            let start = Instant::now();
            assert!(ask(port).starts_with("HTTP/1.1 200 OK"));
            assert!(start.elapsed() < Duration::from_secs(2), "{count} silent: {:?}", start.elapsed());
        }
        // The oldest clients were disconnected.
        let first = silent.first_mut().unwrap();
        first.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        assert!(first.read(&mut [0; 256]).is_ok(), "{count} silent: the first is still served");
    }
}

#[test]
fn half_a_request_has_five_seconds() {
    let port = start();
    let mut slow = connect(port);
    slow.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    let (start, mut answer) = (Instant::now(), String::new());
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(start.elapsed() < Duration::from_secs(8), "it took {:?}", start.elapsed());
}
