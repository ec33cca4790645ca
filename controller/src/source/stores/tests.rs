use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;
use futures::TryStreamExt as _;
use object_store::ObjectStoreExt as _;
use object_store::path::Path;

use super::RepositoryUrl;

#[test]
fn credentials_are_refused_and_not_shown() {
    for url in
        ["https://user:secret@example.com/a", "s3://secret@own/a", "https://example.com/a?token=secret"]
    {
        let error = url.parse::<RepositoryUrl>().unwrap().open().unwrap_err();
        assert!(error.contains("credentials") && !error.contains("secret"), "{error}");
    }
}

/// The requests of both services for `own`: lists of a prefix in XML, and objects.
async fn serve() -> SocketAddr {
    async fn answer(
        State(files): State<&'static [(&'static str, &'static str)]>,
        uri: Uri,
    ) -> impl IntoResponse {
        let headers = [(header::LAST_MODIFIED, "Thu, 01 Jan 2026 00:00:00 GMT"), (header::ETAG, "1")];
        let query = uri.query().unwrap_or_default();
        let Some(key) = uri.path().trim_start_matches('/').strip_prefix("own") else {
            return (StatusCode::NOT_FOUND, headers, String::new());
        };
        let key = key.replace("%2F", "/").replace("%2E", ".");
        let key = key.trim_start_matches('/');
        if key.is_empty() {
            let prefix = query.split('&').find_map(|pair| pair.strip_prefix("prefix=")).unwrap_or_default();
            let prefix = prefix.replace("%2F", "/");
            let contents = files.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(key, text)| {
                format!(
                    "<Contents><Key>{key}</Key><Size>{}</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>",
                    text.len()
                )
            });
            let contents: String = contents.collect();
            return (StatusCode::OK, headers, format!("<ListBucketResult>{contents}</ListBucketResult>"));
        }
        match files.iter().find(|(found, _)| *found == key) {
            Some((_, text)) => (StatusCode::OK, headers, (*text).to_owned()),
            None => (StatusCode::NOT_FOUND, headers, String::new()),
        }
    }
    const FILES: &[(&str, &str)] =
        &[("lists/a/1.yaml", "one"), ("lists/a/b/2.yaml", "two"), ("lists/ab/3.yaml", "three")];
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer).with_state(FILES);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn buckets_are_listed_and_read_below_their_folder() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let address = serve().await;
    let key = format!(
        r#"{{"gcs_base_url": "http://{address}", "disable_oauth": true, "client_email": "", "private_key": "", "private_key_id": ""}}"#
    );
    let settings = [
        ("aws_endpoint", format!("http://{address}")),
        ("aws_allow_http", "true".to_owned()),
        ("aws_access_key_id", "id".to_owned()),
        ("aws_secret_access_key", "key".to_owned()),
        ("aws_region", "here".to_owned()),
        ("google_service_account_key", key),
        ("allow_http", "true".to_owned()),
        ("path", "/bin".to_owned()),
    ];
    let settings = || settings.clone().map(|(key, value)| (key.to_owned(), value));
    for url in ["s3://own/lists", "gs://own/lists"] {
        let store = url.parse::<RepositoryUrl>().unwrap().open_with(settings()).unwrap();
        let found: Vec<_> = store.list(Some(&Path::from("a"))).try_collect().await.unwrap();
        let found: Vec<_> = found.iter().map(|file| (file.location.as_ref(), file.size)).collect();
        assert_eq!(found, [("a/1.yaml", 3), ("a/b/2.yaml", 3)], "{url}");
        let text = store.get(&Path::from("a/b/2.yaml")).await.unwrap().bytes().await.unwrap();
        assert_eq!(text, "two", "{url}");
        let error = store.get(&Path::from("a/3.yaml")).await.unwrap_err();
        assert!(matches!(error, object_store::Error::NotFound { .. }), "{url}: {error}");
    }
}
