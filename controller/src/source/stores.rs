//! The stores that a source reads from.

use std::ffi::OsString;
use std::str::FromStr;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use url::Url;

/// The URL of a repository: `file:///`, `gs://`, `s3://`, `https://`, or `http://` on the loopback interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryUrl(Url);

impl FromStr for RepositoryUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let help = "give an absolute URL, such as `gs://bucket`, `s3://bucket/folder`, `https://host/folder` or \
                    `file:///folder`";
        let url = Url::parse(text).map_err(|error| format!("not a URL: {error}; {help}"))?;
        let is_loopback =
            url.host_str().is_some_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&host));
        match url.scheme() {
            "file" if url.host_str().is_some() => {
                return Err(format!(
                    "a `file` URL has no host: write `file:///{}`",
                    text.trim_start_matches("file://")
                ));
            }
            "file" | "gs" | "s3" | "https" => {}
            "http" if is_loopback => {}
            "http" => return Err("http does not protect against changes in transit: use https".to_owned()),
            other => return Err(format!("`{other}` is not supported; {help}")),
        }
        Ok(RepositoryUrl(url))
    }
}

impl std::fmt::Display for RepositoryUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl RepositoryUrl {
    /// Opens the store, with the settings for its service from the environment.
    pub(super) fn open(&self) -> Result<Arc<dyn ObjectStore>, String> {
        let setting = |(key, value): (OsString, OsString)| {
            let key = key.into_string().ok()?.to_ascii_lowercase();
            // Without this check, a variable for another program could change how files are read.
            let is_ours = ["aws_", "google_"].iter().any(|prefix| key.starts_with(prefix));
            is_ours.then_some((key, value.into_string().ok()?))
        };
        self.open_with(std::env::vars_os().filter_map(setting))
    }

    /// Checks that the URL can be shown.
    ///
    /// # Errors
    /// The URL may contain a secret. The message does not show it.
    pub fn check(&self) -> Result<(), String> {
        let RepositoryUrl(url) = self;
        let is_bare = url.username().is_empty() && url.password().is_none();
        if is_bare && url.query().is_none() && url.fragment().is_none() {
            return Ok(());
        }
        let host = url.host_str().unwrap_or_default();
        Err(format!(
            "the URL of `{host}` holds credentials, `?` or `#`: URLs are in logs; give credentials in the environment"
        ))
    }

    /// Opens the store with these settings: environment variables in lower case. Settings for other services are ignored.
    fn open_with(
        &self,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Arc<dyn ObjectStore>, String> {
        let RepositoryUrl(url) = self;
        // Checked here and not while the command line is parsed, because errors of the parser show the value.
        self.check()?;
        let mut settings: Vec<(String, String)> = settings.into_iter().collect();
        if url.scheme() == "http" {
            settings.push(("allow_http".to_owned(), "true".to_owned()));
        }
        let (store, prefix) = object_store::parse_url_opts(url, settings)
            .map_err(|error| format!("`{url}` cannot be used: {error}"))?;
        Ok(if prefix == Path::default() {
            Arc::from(store)
        } else {
            Arc::new(PrefixStore::new(store, prefix))
        })
    }
}

/// A bucket that synchronizers may name: `NAME=URL`, or the URL's own bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The `bucketName` of synchronizers.
    pub name: String,
    /// Its URL.
    pub url: RepositoryUrl,
}

impl FromStr for Bucket {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, url) = match text.split_once('=') {
            Some((name, url)) => (Some(name), url),
            None => (None, text),
        };
        let url: RepositoryUrl = url.parse()?;
        let name = match name {
            Some("") => return Err("the name before `=` is empty".to_owned()),
            Some(name) => name.to_owned(),
            None if ["gs", "s3"].contains(&url.0.scheme()) => url.0.host_str().unwrap_or_default().to_owned(),
            None => return Err("write `NAME=URL`, with the name that synchronizers use".to_owned()),
        };
        Ok(Bucket { name, url })
    }
}

#[cfg(test)]
mod tests;
