//! The relevant parts of a request: method, path and host.

use std::io::Read as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The maximum size of a request's head, in bytes. Browsers stay far below.
const LONGEST: usize = 16 * 1024;

/// The maximum time for a client to send the request.
const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) struct Request {
    pub(super) head: bool,
    get: bool,
    path: String,
    /// The `Host` of the request; `None` if it is missing or duplicate.
    host: Option<String>,
}

/// The reason why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Malformed,
    Slow,
    Long,
    Method,
    Host,
    Path,
}

impl Refusal {
    /// The status and a message for people.
    pub(super) fn response(self) -> (&'static str, &'static str) {
        match self {
            Refusal::Malformed => ("400 Bad Request", "this is not an HTTP request\n"),
            Refusal::Slow => ("408 Request Timeout", "the request took too long\n"),
            Refusal::Long => ("431 Request Header Fields Too Large", "the request is too long\n"),
            Refusal::Method => ("405 Method Not Allowed", "only GET and HEAD are allowed\n"),
            Refusal::Host => ("421 Misdirected Request", "use `localhost` or `127.0.0.1`\n"),
            Refusal::Path => ("404 Not Found", "the page is at `/`\n"),
        }
    }
}

impl Request {
    pub(super) fn read(stream: &mut TcpStream) -> Result<Self, Refusal> {
        let deadline = Instant::now() + TIMEOUT;
        let mut bytes = Vec::new();
        let mut chunk = [0; 2048];
        loop {
            // The deadline applies to the whole request.
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Refusal::Slow);
            }
            stream.set_read_timeout(Some(left)).map_err(|_| Refusal::Malformed)?;
            let count = stream.read(&mut chunk).map_err(|_| Refusal::Slow)?;
            if count == 0 {
                return Err(Refusal::Malformed);
            }
            bytes.extend(chunk.iter().take(count));
            if let Some(request) = Self::parse(&bytes)? {
                return Ok(request);
            }
            if bytes.len() > LONGEST {
                return Err(Refusal::Long);
            }
        }
    }

    /// Parses the request, if its head is complete.
    fn parse(bytes: &[u8]) -> Result<Option<Self>, Refusal> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(bytes) {
            Ok(httparse::Status::Partial) => return Ok(None),
            Ok(httparse::Status::Complete(_)) => {}
            Err(httparse::Error::TooManyHeaders) => return Err(Refusal::Long),
            Err(_) => return Err(Refusal::Malformed),
        }
        let mut hosts = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => str::from_utf8(host.value).ok().map(str::to_owned),
            _ => None,
        };
        Ok(Some(Request {
            head: request.method == Some("HEAD"),
            get: request.method == Some("GET"),
            path: request.path.unwrap_or_default().to_owned(),
            host,
        }))
    }

    /// Checks whether a request on `port` may have the page.
    pub(super) fn check(&self, port: u16) -> Result<(), Refusal> {
        if !self.host.as_deref().is_some_and(|host| is_here(host, port)) {
            return Err(Refusal::Host);
        }
        if !self.get && !self.head {
            return Err(Refusal::Method);
        }
        let path = self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path);
        if path == "/" { Ok(()) } else { Err(Refusal::Path) }
    }
}

/// Whether a `Host` names this machine, with a name that cannot resolve to another one.
fn is_here(host: &str, port: u16) -> bool {
    let name = host.strip_suffix(&format!(":{port}")).or((port == 80).then_some(host));
    name.is_some_and(|name| name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Refusal, Request};

    fn refusal(text: &str) -> Option<Refusal> {
        match Request::parse(text.as_bytes()) {
            Ok(Some(request)) => request.check(7171).err(),
            Ok(None) => panic!("the request is not whole: {text}"),
            Err(refusal) => Some(refusal),
        }
    }

    #[test]
    fn only_requests_to_this_machine_get_the_page() {
        for (request, expected) in [
            ("GET / HTTP/1.1\r\nHost: localhost:7171\r\n\r\n", None),
            ("HEAD / HTTP/1.1\r\nhost: 127.0.0.1:7171\r\n\r\n", None),
            ("GET /?a=b HTTP/1.1\r\nHost: LocalHost:7171\r\n\r\n", None),
            ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", Some(Refusal::Host)),
            ("GET / HTTP/1.1\r\nHost: localhost:80\r\n\r\n", Some(Refusal::Host)),
            ("GET / HTTP/1.1\r\nHost: evil.example:7171\r\n\r\n", Some(Refusal::Host)),
            ("GET / HTTP/1.1\r\nHost: localhost.evil.example:7171\r\n\r\n", Some(Refusal::Host)),
            ("GET / HTTP/1.1\r\nHost: localhost:7171\r\nHost: evil.example\r\n\r\n", Some(Refusal::Host)),
            ("GET / HTTP/1.0\r\n\r\n", Some(Refusal::Host)),
            ("POST / HTTP/1.1\r\nHost: localhost:7171\r\n\r\n", Some(Refusal::Method)),
            ("OPTIONS / HTTP/1.1\r\nHost: localhost:7171\r\n\r\n", Some(Refusal::Method)),
            ("GET /etc/passwd HTTP/1.1\r\nHost: localhost:7171\r\n\r\n", Some(Refusal::Path)),
            ("GET //evil.example/ HTTP/1.1\r\nHost: localhost:7171\r\n\r\n", Some(Refusal::Path)),
            ("\0\0\0\0\r\n\r\n", Some(Refusal::Malformed)),
            ("GET /\r\n\r\n", Some(Refusal::Malformed)),
        ] {
            assert_eq!(refusal(request), expected, "{request}");
        }
    }

    #[test]
    fn a_request_in_pieces_is_waited_for() {
        assert!(matches!(Request::parse(b"GET / HTTP/1.1\r\nHost: local"), Ok(None)));
        let long = format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(LONGEST));
        assert!(matches!(Request::parse(long.as_bytes()), Ok(None)));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(65));
        assert!(matches!(Request::parse(many.as_bytes()), Err(Refusal::Long)));
    }
}
