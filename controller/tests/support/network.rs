//! The network between a controller and an API server, real or in memory: it records requests, and fails on request.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body::{Body, Frame};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use serde_json::json;
use tokio::sync::watch;
use tower::{Layer, Service};

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;
pub(crate) type Answer = Response<UnsyncBoxBody<Bytes, BoxError>>;

/// How long a request hangs before an API server gives up.
const HANGS: Duration = Duration::from_secs(60);

/// A request.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// As in RBAC: `get`, `list`, `watch`, `create`, `update`, `patch` or `delete`.
    pub(crate) verb: &'static str,
    pub(crate) plural: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) subresource: Option<String>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.plural)?;
        [&self.name, &self.subresource].into_iter().flatten().try_for_each(|part| write!(f, "/{part}"))
    }
}

impl Call {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        let mut parts = request.uri().path().split('/').skip(1).map(str::to_owned);
        // `/apis/GROUP/VERSION/...`, or `/api/VERSION/...`
        let skipped = if parts.next().as_deref() == Some("apis") { 2 } else { 1 };
        let mut parts = parts.skip(skipped).peekable();
        let namespace = parts.next_if(|part| part == "namespaces").and_then(|_| parts.next());
        let plural = parts.next().unwrap_or_default();
        let (name, subresource) = (parts.next(), parts.next());
        let verb = match request.method().as_str() {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ if name.is_some() => "get",
            _ if request.uri().query().is_some_and(|query| query.contains("watch=true")) => "watch",
            _ => "list",
        };
        Call { verb, plural, namespace, name, subresource }
    }

    pub(crate) fn is(&self, verb: &str, plural: &str) -> bool {
        self.verb == verb && self.plural == plural
    }
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The API server answers with this code, and does nothing.
    Refused(u16),
    /// The API server gives up after a while.
    Hangs,
    /// The connection is cut before the request arrives.
    Cut,
    /// The API server does it, and its answer is lost.
    Lost,
    /// A watch from a version that is too old.
    Gone,
}

struct Order {
    times: usize,
    fault: Fault,
    concerns: Box<dyn Fn(&Call) -> bool + Send>,
}

#[derive(Default)]
struct State {
    orders: Mutex<Vec<Order>>,
    calls: Mutex<Vec<Call>>,
    is_down: AtomicBool,
    cuts: watch::Sender<()>,
}

/// A network. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Network(Arc<State>);

impl Network {
    /// The next requests that the function selects fail.
    pub(crate) fn fail(&self, times: usize, fault: Fault, concerns: impl Fn(&Call) -> bool + Send + 'static) {
        self.0.orders.lock().unwrap().push(Order { times, fault, concerns: Box::new(concerns) });
    }

    /// Nothing fails any more.
    pub(crate) fn heal(&self) {
        self.0.orders.lock().unwrap().clear();
        self.set_down(false);
    }

    /// Cuts all watches.
    pub(crate) fn cut_watches(&self) {
        self.0.cuts.send_replace(());
    }

    /// While down, no connection is made, and those that were are cut.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.0.is_down.store(is_down, Ordering::Relaxed);
        if is_down {
            self.cut_watches();
        }
    }

    /// Returns the requests since the last call of this function.
    pub(crate) fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.0.calls.lock().unwrap())
    }

    fn fault(&self, call: &Call) -> Option<Fault> {
        self.0.calls.lock().unwrap().push(call.clone());
        if self.0.is_down.load(Ordering::Relaxed) {
            return Some(Fault::Cut);
        }
        let mut orders = self.0.orders.lock().unwrap();
        let order = orders.iter_mut().find(|order| order.times > 0 && (order.concerns)(call))?;
        order.times -= 1;
        Some(order.fault)
    }

    /// A body that ends with an error when the watches are cut.
    fn cuttable<B>(&self, body: B) -> UnsyncBoxBody<Bytes, BoxError>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let data = Box::pin(body.into_data_stream());
        let frames = futures::stream::unfold(Some((data, self.0.cuts.subscribe())), |state| async {
            let (mut data, mut cuts) = state?;
            tokio::select! {
                biased;
                _ = cuts.changed() => Some((Err("the connection was cut".into()), None)),
                chunk = data.next() => {
                    let frame = chunk?.map(Frame::data).map_err(Into::into);
                    Some((frame, Some((data, cuts))))
                }
            }
        });
        StreamBody::new(frames).boxed_unsync()
    }
}

impl<S> Layer<S> for Network {
    type Service = Through<S>;

    fn layer(&self, inner: S) -> Through<S> {
        Through { network: self.clone(), inner }
    }
}

/// An API server behind a network.
#[derive(Clone)]
pub(crate) struct Through<S> {
    network: Network,
    inner: S,
}

impl<S, R, B> Service<Request<R>> for Through<S>
where
    S: Service<Request<R>, Response = Response<B>>,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Answer;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Answer, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<R>) -> Self::Future {
        let call = Call::of(&request);
        let fault = self.network.fault(&call);
        let network = self.network.clone();
        let is_watch = call.verb == "watch";
        let carried_out = match fault {
            None | Some(Fault::Lost) => Some(self.inner.call(request)),
            Some(_) => None,
        };
        Box::pin(async move {
            let answer = match carried_out {
                None => None,
                Some(answer) => Some(answer.await.map_err(Into::into)?),
            };
            match fault {
                Some(Fault::Refused(code)) => Ok(refusal(code)),
                Some(Fault::Hangs) => {
                    tokio::time::sleep(HANGS).await;
                    Ok(refusal(504))
                }
                Some(Fault::Gone) => {
                    Ok(answered(200, &json!({"type": "ERROR", "object": status(410, "Expired", "too old")})))
                }
                Some(Fault::Cut) => {
                    // A refused connection takes a moment, too.
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    Err("the connection was refused".into())
                }
                Some(Fault::Lost) => Err("the connection was cut".into()),
                None => {
                    let (parts, body) = answer.ok_or("no request was made")?.into_parts();
                    let body = match is_watch {
                        true => network.cuttable(body),
                        false => body.map_err(Into::into).boxed_unsync(),
                    };
                    Ok(Response::from_parts(parts, body))
                }
            }
        })
    }
}

fn refusal(code: u16) -> Answer {
    let reason = match code {
        409 => "Conflict",
        504 => "Timeout",
        _ => "InternalError",
    };
    answered(code, &status(code, reason, "made to fail by the test"))
}

/// A `Status` object.
pub(crate) fn status(code: u16, reason: &str, message: &str) -> serde_json::Value {
    let status = if code < 400 { "Success" } else { "Failure" };
    json!({
        "apiVersion": "v1", "kind": "Status", "metadata": {}, "status": status, "code": code, "reason": reason,
        "message": message,
    })
}

/// A response with a JSON object.
pub(crate) fn answered(code: u16, object: &serde_json::Value) -> Answer {
    let body = Full::new(Bytes::from(object.to_string())).map_err(|never| match never {}).boxed_unsync();
    let mut answer = Response::new(body);
    *answer.status_mut() = http::StatusCode::from_u16(code).unwrap();
    answer
}

/// The future of a service.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Answer, BoxError>> + Send>>;
