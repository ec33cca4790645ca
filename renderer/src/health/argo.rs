//! Argo CD: a health check in Lua.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

const SYNCHRONIZER: &str =
    include_str!("../../resource_customizations/auto.gke.io/AllowlistSynchronizer/health.lua");
const APPLICATION: &str = include_str!("../../resource_customizations/argoproj.io/Application/health.lua");

/// Returns the patch of the ConfigMap `argocd-cm` for an Argo CD without the health check of synchronizers, and, for an
/// app of apps, the one of Applications. `resource_customizations` contains the checks in the layout of the Argo CD
/// repository, with tests.
#[must_use]
#[expect(clippy::expect_used, reason = "a map of text always serializes")]
pub fn argo_patch(in_app_of_apps: bool) -> String {
    let key = |setting: &str| format!("resource.customizations.{setting}.auto.gke.io_AllowlistSynchronizer");
    // By default, Argo CD runs custom health checks without Lua's `string` library.
    let mut data =
        BTreeMap::from([(key("health"), SYNCHRONIZER.to_owned()), (key("useOpenLibs"), "true".to_owned())]);
    if in_app_of_apps {
        let key = "resource.customizations.health.argoproj.io_Application";
        data.insert(key.to_owned(), APPLICATION.to_owned());
    }
    let map = ConfigMap {
        metadata: ObjectMeta { name: Some("argocd-cm".to_owned()), ..ObjectMeta::default() },
        data: Some(data),
        ..ConfigMap::default()
    };
    serde_yaml::to_string(&map).expect("a map of text")
}
