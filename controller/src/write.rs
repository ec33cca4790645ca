//! Creates and replaces objects.

use kube::Client;
use kube::api::{Api, DynamicObject, PostParams, Request};

use crate::sync::MANAGER;

/// How often to try a write while other programs change the same object.
pub(crate) const ATTEMPTS: usize = 5;

/// Replaces an object, or creates one. The API server must refuse unknown fields. By default it drops them, and an allowlist
/// without one of its criteria is wider.
pub(crate) async fn write(
    client: &Client,
    api: &Api<DynamicObject>,
    replaced: Option<&str>,
    object: &DynamicObject,
) -> Result<DynamicObject, kube::Error> {
    let body = serde_json::to_vec(object).map_err(kube::Error::SerdeError)?;
    let request = Request::new(api.resource_url());
    let parameters = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
    let built = match replaced {
        Some(name) => request.replace(name, &parameters, body),
        None => request.create(&parameters, body),
    };
    let mut request = built.map_err(kube::Error::BuildRequest)?;
    let uri = format!("{}&fieldValidation=Strict", request.uri());
    *request.uri_mut() = uri.parse().map_err(|error| kube::Error::HttpError(http::Error::from(error)))?;
    client.request(request).await
}
