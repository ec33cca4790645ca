//! Reads the files of one round.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures::TryStreamExt as _;
use futures::stream::BoxStream;
use hallpass_policy::GkeVersion;
use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt as _};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::{InForce, PATIENCE, shown};
use crate::contents::{Contents, sha256};
use crate::round::Unusable;

/// The maximum size of a file, in bytes: ten times that of the largest public allowlist. Reading a larger file could take all
/// memory, and stop the controller for all synchronizers.
const LARGEST_FILE: u64 = 256 << 10;

/// The maximum size of all new and changed files in a round, in bytes. The next round reads the others.
const MOST_BYTES: u64 = 8 << 20;

/// One round.
pub(super) struct Reading<'s> {
    pub(super) store: &'s dyn ObjectStore,
    pub(super) in_force: &'s InForce<'s>,
    pub(super) target: Option<GkeVersion>,
    pub(super) compiling: &'s Semaphore,
    pub(super) end: Instant,
    /// The size of all new and changed files so far.
    pub(super) bytes: AtomicU64,
}

impl Reading<'_> {
    /// Reads a file. `named` is true if a path names the file itself: then a missing file is not a temporary problem.
    pub(super) async fn file(&self, named: bool, path: String) -> (String, Result<Contents, Unusable>) {
        let contents = self.contents(named, &path).await;
        (path, contents)
    }

    async fn contents(&self, named: bool, path: &str) -> Result<Contents, Unusable> {
        let end = self.end.min(Instant::now() + PATIENCE);
        let bytes = match tokio::time::timeout_at(end, fetch(self.store, path)).await {
            Ok(fetched) => fetched.map_err(|fault| fault.of_file(named))?,
            Err(_) => {
                let message = "the file cannot be read: there was no answer in time".to_owned();
                return Err(Unusable { message, temporary: true });
            }
        };
        let sha256 = sha256(&bytes);
        if let Some(name) = (self.in_force)(path, &sha256) {
            return Ok(Contents { name, sha256, body: None });
        }
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.bytes.fetch_add(size, Ordering::Relaxed) + size > MOST_BYTES {
            let message =
                format!("more than {} MiB have changed: the next round reads the file", MOST_BYTES >> 20);
            return Err(Unusable { message, temporary: true });
        }
        let target = self.target;
        let _one = self.compiling.acquire().await;
        let read = tokio::task::spawn_blocking(move || Contents::read(&bytes, target)).await;
        let read = read.unwrap_or_else(|error| Err(format!("the file cannot be read: {error}")));
        read.map_err(|message| Unusable { message, temporary: false })
    }
}

/// The reason why a file was not fetched.
enum Fault {
    NotFound,
    TooLarge(u64),
    Failed(String),
}

impl Fault {
    fn of_file(self, named: bool) -> Unusable {
        let (message, temporary) = match self {
            // A named file may not be published yet. A listed file existed a moment ago, so it is changing right now.
            Fault::NotFound => ("not found".to_owned(), !named),
            Fault::TooLarge(size) => {
                (format!("the file is too large: it has {size} bytes, more than {LARGEST_FILE}"), false)
            }
            Fault::Failed(error) => (format!("the file cannot be read: {error}"), true),
        };
        Unusable { message, temporary }
    }
}

async fn fetch(store: &dyn ObjectStore, path: &str) -> Result<Bytes, Fault> {
    let found = store.get(&Path::from(path)).await.map_err(failed)?;
    let size = found.meta.size;
    if size > LARGEST_FILE {
        return Err(Fault::TooLarge(size));
    }
    let bytes = match found.payload {
        // In one step, on a thread that may block.
        GetResultPayload::File(..) => found.bytes().await.map_err(failed)?,
        GetResultPayload::Stream(chunks) => received(chunks).await?,
    };
    let read = bytes.len();
    if u64::try_from(read) != Ok(size) {
        return Err(Fault::Failed(format!("{read} of {size} bytes were received")));
    }
    Ok(bytes)
}

/// Receives a file. Counts its bytes, because a server may send more than it announced.
async fn received(mut chunks: BoxStream<'static, object_store::Result<Bytes>>) -> Result<Bytes, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.try_next().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if read > LARGEST_FILE {
            return Err(Fault::TooLarge(read));
        }
    }
    Ok(bytes.into())
}

fn failed(error: object_store::Error) -> Fault {
    match error {
        object_store::Error::NotFound { .. } => Fault::NotFound,
        error => Fault::Failed(shown(&error)),
    }
}
