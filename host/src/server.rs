//! A minimal HTTP server that serves one page, only on this machine.
//!
//! It listens on the loopback interface. To prevent DNS rebinding, the `Host` of a request must name this machine. The
//! server reads nothing from disk, and stores nothing from requests.

mod clients;
mod request;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use hallpass_page::Page;

use clients::Clients;
use request::{Refusal, Request};

/// The maximum time for a client to receive the page.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Server {
    listener: TcpListener,
    port: u16,
    page: Page,
}

impl Server {
    pub(crate) fn bind(port: u16, page: Page) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = listener.local_addr()?.port();
        Ok(Server { listener, port, page })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Serves until the process ends.
    pub(crate) fn run(&self) {
        let clients = Clients::default();
        thread::scope(|scope| {
            loop {
                let started = self.listener.accept().and_then(|(stream, _)| {
                    let place = clients.admit(&stream)?;
                    thread::Builder::new().spawn_scoped(scope, move || {
                        // A client that disconnects is not an error.
                        drop(self.serve(stream));
                        drop(place);
                    })
                });
                if started.is_err() {
                    // For example, no file descriptors are left: an immediate retry would use all of the CPU.
                    thread::sleep(Duration::from_millis(50));
                }
            }
        });
    }

    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_write_timeout(Some(TIMEOUT))?;
        let answer = match Request::read(&mut stream) {
            Ok(request) => self.answer(&request),
            Err(refusal) => Answer::refusal(refusal, true),
        };
        stream.write_all(answer.head().as_bytes())?;
        if answer.with_body {
            stream.write_all(answer.body.as_bytes())?;
        }
        stream.flush()
    }

    fn answer(&self, request: &Request) -> Answer {
        match request.check(self.port) {
            Ok(()) => {
                let nonce = nonce();
                let fresh = |text: &str| text.replace(self.page.nonce, &nonce);
                Answer {
                    status: "200 OK",
                    kind: "text/html",
                    policy: fresh(self.page.policy),
                    body: fresh(self.page.html).into(),
                    with_body: !request.head,
                }
            }
            Err(refusal) => Answer::refusal(refusal, !request.head),
        }
    }
}

/// Returns an unpredictable nonce: the hasher has random keys.
fn nonce() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}

struct Answer {
    status: &'static str,
    kind: &'static str,
    policy: String,
    body: Cow<'static, str>,
    with_body: bool,
}

impl Answer {
    fn refusal(refusal: Refusal, with_body: bool) -> Self {
        let (status, body) = refusal.response();
        Answer {
            status,
            kind: "text/plain",
            policy: "default-src 'none'".to_owned(),
            body: body.into(),
            with_body,
        }
    }

    fn head(&self) -> String {
        let Answer { status, kind, policy, body, .. } = self;
        let allow = if status.starts_with("405") { "Allow: GET, HEAD\r\n" } else { "" };
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n{allow}\
             Content-Security-Policy: {policy}; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n\
             Referrer-Policy: no-referrer\r\nCross-Origin-Opener-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
            body.len()
        )
    }
}
