//! Reads allowlists where they are published: a folder, an object store or a web server.

mod stores;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _};
use hallpass_policy::GkeVersion;
use hallpass_policy::synchronizer::{folder, is_allowlist_path};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tokio::sync::Semaphore;

use crate::contents::Contents;
use crate::round::{PathProblem, Round, Unusable};

pub use stores::{Bucket, RepositoryUrl};

/// The size of a file, in bytes: ten times that of the largest public allowlist. What is larger could take all memory while
/// it is read, and stop the controller for everybody.
const LARGEST_FILE: u64 = 256 << 10;

/// The size of all files of a synchronizer, in bytes.
const MOST_BYTES: u64 = 8 << 20;

/// The number of files below a folder.
const MOST_FILES: usize = 1_000;

/// How many files of a synchronizer are fetched at the same time.
const FETCHES: usize = 8;

/// How long a listing or a file may take, retries included.
const PATIENCE: Duration = Duration::from_secs(60);

/// The repository, and the buckets that synchronizers may name.
pub struct Source {
    repository: Arc<dyn ObjectStore>,
    buckets: BTreeMap<String, Arc<dyn ObjectStore>>,
    target: Option<GkeVersion>,
    /// One file at a time: compiling the patterns of a large one takes much memory.
    reading: Semaphore,
}

impl Source {
    /// A source for a cluster that counts as this version of GKE.
    ///
    /// # Errors
    /// A location that cannot be used, with the reason.
    pub fn new(
        repository: &RepositoryUrl,
        buckets: &[Bucket],
        target: Option<GkeVersion>,
    ) -> Result<Self, String> {
        let mut stores = BTreeMap::new();
        for Bucket { name, url } in buckets {
            if stores.insert(name.clone(), url.open()?).is_some() {
                return Err(format!("bucket `{name}` is given twice"));
            }
        }
        let repository = repository.open()?;
        Ok(Source { repository, buckets: stores, target, reading: Semaphore::new(1) })
    }

    /// Reads the files of a synchronizer's paths.
    pub async fn read(&self, bucket: Option<&str>, paths: &[&str]) -> Round {
        let mut round = Round::default();
        let store = match bucket {
            None => &self.repository,
            Some(name) => match self.buckets.get(name) {
                Some(store) => store,
                None => {
                    let refused = format!(
                        "bucket `{name}` is unknown here: its operator has not given it as `--bucket`"
                    );
                    let refused = |path: &&str| ((*path).to_owned(), PathProblem::Refused(refused.clone()));
                    round.paths = paths.iter().map(refused).collect();
                    return round;
                }
            },
        };
        let mut wanted: BTreeMap<String, Option<u64>> = BTreeMap::new();
        for path in paths {
            match folder(path) {
                None => {
                    wanted.entry((*path).to_owned()).or_default();
                }
                Some(folder) => match list(&**store, folder).await {
                    Ok(files) => wanted.extend(files.into_iter().map(|(path, size)| (path, Some(size)))),
                    Err(message) => round.paths.push(((*path).to_owned(), PathProblem::Unlisted(message))),
                },
            }
        }
        let named: BTreeSet<&str> = paths.iter().copied().collect();
        let mut total = 0;
        let mut files = Vec::new();
        for (path, size) in wanted {
            total += size.unwrap_or_default().min(LARGEST_FILE);
            if total > MOST_BYTES {
                let message = format!(
                    "the files before it have {} MiB together, which is the limit of a synchronizer",
                    MOST_BYTES >> 20
                );
                round.files.insert(path, Err(Unusable { message, temporary: false }));
            } else {
                files.push(path);
            }
        }
        let read = futures::stream::iter(files).map(|path| async {
            let contents = self.file(&**store, &path, named.contains(path.as_str())).await;
            (path, contents)
        });
        round.files.extend(read.buffer_unordered(FETCHES).collect::<Vec<_>>().await);
        round
    }

    async fn file(&self, store: &dyn ObjectStore, path: &str, named: bool) -> Result<Contents, Unusable> {
        let bytes = match tokio::time::timeout(PATIENCE, fetch(store, path)).await {
            Ok(fetched) => fetched.map_err(|fault| fault.of_file(named))?,
            Err(_) => {
                let message = format!("the file cannot be read: it took more than {} s", PATIENCE.as_secs());
                return Err(Unusable { message, temporary: true });
            }
        };
        let target = self.target;
        let _one = self.reading.acquire().await;
        let read = tokio::task::spawn_blocking(move || Contents::read(&bytes, target)).await;
        let read = read.unwrap_or_else(|error| Err(format!("the file cannot be read: {error}")));
        read.map_err(|message| Unusable { message, temporary: false })
    }
}

/// Why a file was not fetched.
enum Fault {
    NotFound,
    TooLarge(u64),
    Failed(String),
}

impl Fault {
    fn of_file(self, named: bool) -> Unusable {
        let (message, temporary) = match self {
            // Named, it may be a version that is not published yet. Listed a moment ago, it comes or goes right now.
            Fault::NotFound => ("not found".to_owned(), !named),
            Fault::TooLarge(size) => {
                (format!("the file is too large: it has {size} bytes, more than {LARGEST_FILE}"), false)
            }
            Fault::Failed(error) => (format!("the file cannot be read: {error}"), true),
        };
        Unusable { message, temporary }
    }
}

async fn fetch(store: &dyn ObjectStore, path: &str) -> Result<Vec<u8>, Fault> {
    let failed = |error| match error {
        object_store::Error::NotFound { .. } => Fault::NotFound,
        error => Fault::Failed(shown(&error)),
    };
    let found = store.get(&Path::from(path)).await.map_err(failed)?;
    let size = found.meta.size;
    if size > LARGEST_FILE {
        return Err(Fault::TooLarge(size));
    }
    // A server may send more than it announced.
    let mut bytes = Vec::new();
    let mut chunks = found.into_stream();
    while let Some(chunk) = chunks.try_next().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if read > LARGEST_FILE {
            return Err(Fault::TooLarge(read));
        }
    }
    let read = bytes.len();
    if u64::try_from(read) != Ok(size) {
        return Err(Fault::Failed(format!("{read} of {size} bytes were received")));
    }
    Ok(bytes)
}

/// Lists the allowlist files below a folder, with their sizes.
async fn list(store: &dyn ObjectStore, folder: &str) -> Result<Vec<(String, u64)>, String> {
    let prefix = Path::from(folder.trim_end_matches('/'));
    let listed = async {
        let mut files = Vec::new();
        let mut found = store.list(Some(&prefix));
        while let Some(file) = found
            .try_next()
            .await
            .map_err(|error| format!("the folder cannot be listed: {}", shown(&error)))?
        {
            let path = file.location.to_string();
            if !path.starts_with(folder) || !is_allowlist_path(&path) {
                continue;
            }
            if files.len() == MOST_FILES {
                return Err(format!("the folder has more than {MOST_FILES} files: name smaller ones"));
            }
            files.push((path, file.size));
        }
        Ok(files)
    };
    let files = tokio::time::timeout(PATIENCE, listed)
        .await
        .map_err(|_| format!("the folder cannot be listed: it took more than {} s", PATIENCE.as_secs()))??;
    if files.is_empty() {
        // An object store, and an unmounted volume, show a folder that does not exist as an empty one.
        return Err("the folder has no files".to_owned());
    }
    Ok(files)
}

/// An error on one line, without what repeats.
fn shown(error: &object_store::Error) -> String {
    const LONGEST: usize = 300;
    let text = error.to_string();
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push_str("...");
    }
    line
}
