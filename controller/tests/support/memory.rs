//! An API server in memory, as far as the controller uses one: the two kinds, Leases and Events; no admission, no schemas,
//! no garbage collector. The scenarios also run on a real API server, which keeps this one honest.

mod store;

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use kube::client::Body;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};
use tower::Service;

use super::network::{Answer, Answering, BoxError, Call, answered, status};
use store::{Key, Patch, Refused, Store};

/// How often a quiet watch gets a bookmark.
const BOOKMARKS: Duration = Duration::from_secs(60);

/// The server. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Server(Arc<Store>);

impl Server {
    /// Forgets the history: a watch from an older version is refused from now on.
    pub(crate) fn compact(&self) {
        self.0.compact();
    }

    async fn answer(self, request: Request<Body>) -> Result<Answer, BoxError> {
        let call = Call::of(&request);
        let (parts, body) = request.into_parts();
        let body = body.collect_bytes().await?;
        let accept = parts.headers.get("accept").and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let shape = if accept.contains("as=PartialObjectMetadata") { Shape::Metadata } else { Shape::Whole };
        let content =
            parts.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let parameter =
            |name: &str| query.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
        if call.verb == "watch" {
            return Ok(self.watch(&call, shape, &parameter));
        }
        let done = self.carry_out(&call, &body, content, &parameter);
        Ok(match done {
            Ok((code, object)) => answered(code, &shape.of(object)),
            Err(Refused { code, reason, message }) => answered(code, &status(code, reason, &message)),
        })
    }

    fn carry_out(
        &self,
        call: &Call,
        body: &Bytes,
        content: &str,
        parameter: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(u16, Value), Refused> {
        let store = &self.0;
        let Some(name) = &call.name else {
            if call.verb == "list" {
                return Ok((200, store.list(call)));
            }
            let object = parsed(body)?;
            let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            return Ok((201, store.create(Key::of(call, &name), object)?));
        };
        let key = Key::of(call, name);
        let is_status = call.subresource.as_deref() == Some("status");
        let answer = match call.verb {
            "get" => store.get(&key)?,
            "update" => store.update(&key, parsed(body)?, is_status)?,
            "patch" => {
                let manager = parameter("fieldManager").unwrap_or_default();
                let patch = match content {
                    "application/apply-patch+yaml" => Patch::Apply(&manager),
                    _ => Patch::Merge(&manager),
                };
                store.patch(&key, parsed(body)?, &patch, is_status)?
            }
            _ => store.delete(&key, &if body.is_empty() { Value::Null } else { parsed(body)? })?,
        };
        Ok((200, answer))
    }

    fn watch(&self, call: &Call, shape: Shape, parameter: &dyn Fn(&str) -> Option<String>) -> Answer {
        let number = |name: &str| parameter(name).and_then(|value| value.parse::<u64>().ok());
        let end = Instant::now() + Duration::from_secs(number("timeoutSeconds").unwrap_or(3600));
        let state = Watching {
            store: self.0.clone(),
            plural: call.plural.clone(),
            shape,
            since: number("resourceVersion").unwrap_or_default(),
            bookmarks: parameter("allowWatchBookmarks").as_deref() == Some("true"),
            end,
            over: false,
        };
        let events = futures::stream::unfold(state, |mut state| async {
            let events = state.next().await?;
            Some((events, state))
        });
        let frames = events.map(|text| Ok::<_, BoxError>(Frame::data(Bytes::from(text))));
        Response::new(StreamBody::new(frames).boxed_unsync())
    }
}

impl Service<Request<Body>> for Server {
    type Response = Answer;
    type Error = BoxError;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        Box::pin(self.clone().answer(request))
    }
}

fn parsed(body: &Bytes) -> Result<Value, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::new(400, "BadRequest", error.to_string()))
}

/// A watch that is open.
struct Watching {
    store: Arc<Store>,
    plural: String,
    shape: Shape,
    since: u64,
    bookmarks: bool,
    end: Instant,
    over: bool,
}

impl Watching {
    /// Waits for events, and returns them as lines of JSON. `None` at the end.
    async fn next(&mut self) -> Option<String> {
        if self.over {
            return None;
        }
        let mut versions = self.store.versions();
        loop {
            versions.borrow_and_update();
            let Some((version, changes)) = self.store.changes(&self.plural, self.since) else {
                self.over = true;
                let gone = status(410, "Expired", "too old resource version");
                return Some(format!("{}\n", json!({"type": "ERROR", "object": gone})));
            };
            self.since = version;
            if !changes.is_empty() {
                let line = |(kind, object)| {
                    json!({"type": kind, "object": self.shape.of(object)}).to_string() + "\n"
                };
                return Some(changes.into_iter().map(line).collect());
            }
            tokio::select! {
                _ = versions.changed() => {}
                () = sleep_until(self.end) => return None,
                () = tokio::time::sleep(BOOKMARKS), if self.bookmarks => {
                    let object = store::bookmark(&self.plural, self.since);
                    return Some(json!({"type": "BOOKMARK", "object": self.shape.of(object)}).to_string() + "\n");
                }
            }
        }
    }
}

/// What of an object is sent.
#[derive(Clone, Copy)]
enum Shape {
    Whole,
    Metadata,
}

impl Shape {
    fn of(self, object: Value) -> Value {
        let is_status = object["kind"] == "Status";
        match self {
            Shape::Metadata if !is_status => {
                let mut reduced = json!({"apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]});
                match object.get("items").and_then(Value::as_array) {
                    None => reduced["kind"] = "PartialObjectMetadata".into(),
                    Some(items) => {
                        reduced["kind"] = "PartialObjectMetadataList".into();
                        reduced["items"] = items.iter().map(|item| self.of(item.clone())).collect();
                    }
                }
                reduced
            }
            _ => object,
        }
    }
}
