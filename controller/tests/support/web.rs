//! A web server on the loopback interface that is as bad as a test wants.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What is at a path.
#[derive(Clone)]
pub(crate) enum Page {
    Whole(String),
    /// The second half never comes.
    Half(String),
    /// Everything, but late.
    Slow(Duration, String),
    /// An error.
    Broken(u16),
}

/// The server; it ends with the runtime.
pub(crate) struct Web {
    port: u16,
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
}

impl Web {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let pages: Arc<Mutex<BTreeMap<String, Page>>> = Arc::default();
        let of_server = pages.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(answer(connection, of_server.clone()));
            }
        });
        Web { port, pages }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn put(&self, path: &str, page: Page) {
        self.pages.lock().unwrap().insert(format!("/{path}"), page);
    }
}

async fn answer(mut connection: TcpStream, pages: Arc<Mutex<BTreeMap<String, Page>>>) -> Option<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(connection.read_u8().await.ok()?);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1)?;
    let page = pages.lock().unwrap().get(path).cloned().unwrap_or(Page::Broken(404));
    let (code, length, body) = match page {
        Page::Whole(text) => (200, text.len(), text),
        Page::Half(text) => (200, text.len(), text.chars().take(text.len() / 2).collect()),
        Page::Slow(delay, text) => {
            tokio::time::sleep(delay).await;
            (200, text.len(), text)
        }
        Page::Broken(code) => (code, 0, String::new()),
    };
    let answer = format!("HTTP/1.1 {code} it\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    connection.write_all(answer.as_bytes()).await.ok()
}
