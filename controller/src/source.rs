//! Reads allowlists where they are published: a folder, an object store or a web server.

mod reading;
mod stores;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use hallpass_policy::GkeVersion;
use hallpass_policy::synchronizer::{folder, is_allowlist_path};
use object_store::ObjectStore;
use object_store::path::Path;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::round::{PathProblem, Round};
use reading::Reading;

pub use stores::{Bucket, RepositoryUrl};

/// The maximum number of files below a folder.
const MOST_FILES: usize = 1_000;

/// How many files of a synchronizer are fetched at the same time. Each takes a connection, or a thread.
const FETCHES: usize = 4;

/// How long a listing or a file may take, retries included.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long one round of a synchronizer may take.
const ROUND: Duration = Duration::from_secs(60);

/// Returns the name of the allowlist that is in force from a file with this path and SHA-256 digest.
pub type InForce<'s> = dyn Fn(&str, &str) -> Option<String> + Sync + 's;

/// The repository, and the buckets that synchronizers may name.
pub struct Source {
    repository: Arc<dyn ObjectStore>,
    buckets: BTreeMap<String, Arc<dyn ObjectStore>>,
    target: Option<GkeVersion>,
    /// Allows one file at a time: compiling the patterns of a large file takes much memory.
    compiling: Semaphore,
}

impl Source {
    /// Creates a source for a cluster that counts as this version of GKE.
    ///
    /// # Errors
    /// A location cannot be used; the message says why.
    pub fn new(
        repository: &RepositoryUrl,
        buckets: &[Bucket],
        target: Option<GkeVersion>,
    ) -> Result<Self, String> {
        let mut stores = BTreeMap::new();
        for Bucket { name, url } in buckets {
            stores.insert(name.clone(), url.open()?);
        }
        let repository = repository.open()?;
        Ok(Source { repository, buckets: stores, target, compiling: Semaphore::new(1) })
    }

    /// Reads the files of a synchronizer's paths.
    pub async fn read(&self, bucket: Option<&str>, paths: &[&str], in_force: &InForce<'_>) -> Round {
        let mut round = Round::default();
        let store = match bucket {
            None => &self.repository,
            Some(name) => match self.buckets.get(name) {
                Some(store) => store,
                None => {
                    let unknown =
                        format!("bucket `{name}` is unknown: no `--bucket` of the controller defines it");
                    let unlisted = |path: &&str| ((*path).to_owned(), PathProblem::Unlisted(unknown.clone()));
                    round.paths = paths.iter().map(unlisted).collect();
                    return round;
                }
            },
        };
        let end = Instant::now() + ROUND;
        let mut files = BTreeSet::new();
        for path in paths {
            match folder(path) {
                None => {
                    files.insert((*path).to_owned());
                }
                Some(folder) => match list(&**store, folder, end).await {
                    Ok(listed) => files.extend(listed),
                    Err(message) => round.paths.push(((*path).to_owned(), PathProblem::Unlisted(message))),
                },
            }
        }
        let reading = Reading {
            store: &**store,
            in_force,
            target: self.target,
            compiling: &self.compiling,
            end,
            bytes: AtomicU64::new(0),
        };
        let reads = files.into_iter().map(|path| reading.file(paths.contains(&path.as_str()), path).boxed());
        // Collected, because the compiler cannot prove that a lazy stream is `Send`.
        let reads: Vec<_> = reads.collect();
        round.files = futures::stream::iter(reads).buffer_unordered(FETCHES).collect().await;
        round
    }
}

/// Lists the allowlist files below a folder, by path.
async fn list(store: &dyn ObjectStore, folder: &str, end: Instant) -> Result<Vec<String>, String> {
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
                return Err(format!("the folder has more than {MOST_FILES} files: name smaller folders"));
            }
            files.push(path);
        }
        Ok(files)
    };
    let files = tokio::time::timeout_at(end.min(Instant::now() + PATIENCE), listed)
        .await
        .map_err(|_| "the folder cannot be listed: there was no answer in time".to_owned())??;
    if files.is_empty() {
        // An object store or an unmounted volume shows a missing folder as an empty one.
        return Err("the folder has no files, or does not exist".to_owned());
    }
    Ok(files)
}

/// Returns the message of an error, on one line and shortened.
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
