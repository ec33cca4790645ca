//! Argo CD: a health check in Lua.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

const HEALTH: &str =
    include_str!("../../resource_customizations/auto.gke.io/AllowlistSynchronizer/health.lua");

/// Returns the patch of the ConfigMap `argocd-cm` for an Argo CD without the health check. `resource_customizations`
/// contains the check in the layout of the Argo CD repository, with its tests.
#[must_use]
#[expect(clippy::expect_used, reason = "a map of text always serializes")]
pub fn argo_patch() -> String {
    let key = |setting: &str| format!("resource.customizations.{setting}.auto.gke.io_AllowlistSynchronizer");
    // By default, Argo CD runs custom health checks without Lua's `string` library.
    let data = BTreeMap::from([(key("health"), HEALTH.to_owned()), (key("useOpenLibs"), "true".to_owned())]);
    let map = ConfigMap {
        metadata: ObjectMeta { name: Some("argocd-cm".to_owned()), ..ObjectMeta::default() },
        data: Some(data),
        ..ConfigMap::default()
    };
    serde_yaml::to_string(&map).expect("a map of text")
}
