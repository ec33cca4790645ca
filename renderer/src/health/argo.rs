//! Argo CD: a health check in Lua.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::file::File;

macro_rules! upstream {
    ($path:literal) => {
        include_str!(concat!("../../resource_customizations/auto.gke.io/AllowlistSynchronizer/", $path))
    };
}

/// Files with their paths in the Argo CD repository.
macro_rules! upstream_files {
    ($($path:literal)*) => { [$(($path, upstream!($path))),*] };
}

const HEALTH: &str = upstream!("health.lua");

const FILES: [(&str, &str); 32] = upstream_files! {
    "health.lua"
    "health_test.yaml"
    "testdata/bucket.yaml"
    "testdata/bucket-alone.yaml"
    "testdata/bucket-deeper.yaml"
    "testdata/empty-status.yaml"
    "testdata/failed.yaml"
    "testdata/failed-beside-installed.yaml"
    "testdata/failed-while-ready.yaml"
    "testdata/folder.yaml"
    "testdata/folder-itself.yaml"
    "testdata/folder-of-like-name.yaml"
    "testdata/folder-with-a-stale-file.yaml"
    "testdata/folder-without-files.yaml"
    "testdata/installed.yaml"
    "testdata/installed-beside-another.yaml"
    "testdata/no-conditions.yaml"
    "testdata/no-observed-generation.yaml"
    "testdata/no-paths.yaml"
    "testdata/no-status.yaml"
    "testdata/not-ready.yaml"
    "testdata/one-missing.yaml"
    "testdata/other-condition.yaml"
    "testdata/pending.yaml"
    "testdata/ready-empty-list.yaml"
    "testdata/ready-stale.yaml"
    "testdata/ready-unknown.yaml"
    "testdata/ready-without-list.yaml"
    "testdata/stale.yaml"
    "testdata/stale-generation.yaml"
    "testdata/stale-generation-failed.yaml"
    "testdata/twice.yaml"
};

/// Returns the health check in the layout of the Argo CD repository, with its tests, and the patch of the ConfigMap
/// `argocd-cm` for an Argo CD without it.
#[must_use]
pub fn argo_files() -> Vec<File> {
    let upstream = FILES.iter().map(|(path, contents)| File {
        path: format!("resource_customizations/auto.gke.io/AllowlistSynchronizer/{path}"),
        contents: (*contents).to_owned(),
    });
    let patch = File { path: "argocd-cm-patch.yaml".to_owned(), contents: patch() };
    upstream.chain([patch]).collect()
}

#[expect(clippy::expect_used, reason = "a map of text always serializes")]
fn patch() -> String {
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
