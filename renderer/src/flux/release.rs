//! A chart: its source and its HelmRelease.

use serde_json::{Value, json};

use super::{Delivery, merge::merge, release_name, set_spec};
use crate::fleet::{Chart, ChartVersion, Merge, Workload};
use crate::object::Object;

/// The layer of an OCI artifact that contains a chart (helm-controller, docs/spec/v2/helmreleases.md, "OCIRepository
/// reference example").
const CHART_LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// For the Pods of a chart to become ready: Autopilot may have to add nodes for them first.
const TIMEOUT: &str = "10m";

impl Delivery<'_> {
    /// The source and release of a chart. Their Kustomization waits for the synchronizers, because a HelmRelease can
    /// wait only for other HelmReleases.
    pub(super) fn release(&self, workload: &Workload, chart: &Chart) -> [Object; 2] {
        let name = release_name(self.name.fleet, workload);
        let (mut source, from) =
            if chart.in_registry() { self.artifact(&name, chart) } else { self.repository(&name, chart) };
        let mut release = self.object(
            "helm.toolkit.fluxcd.io/v2",
            "HelmRelease",
            &name,
            json!({
                // Without an end: a failed first installation leaves nothing to fall back to.
                "install": { "createNamespace": chart.create_namespace, "remediation": { "retries": -1 } },
                "interval": self.settings.interval,
                "releaseName": chart.release_name.as_ref().unwrap_or(&workload.name),
                // Helm's own default. A release that Helm installed is found there, and upgraded.
                "storageNamespace": chart.storage_namespace.as_ref().unwrap_or(&chart.namespace),
                "targetNamespace": chart.namespace,
                "timeout": TIMEOUT,
                "upgrade": { "remediation": { "remediateLastFailure": true, "retries": 3 } },
            }),
        );
        let (field, value) = from;
        set_spec(&mut release, field, Some(value));
        set_spec(&mut release, "serviceAccountName", chart.service_account_name.as_deref());
        set_spec(&mut release, "values", chart.values.clone());
        let values_from = Some(chart.values_from.clone()).filter(|sources| !sources.is_empty());
        set_spec(&mut release, "valuesFrom", values_from);
        for Merge { helm_release, source: of_source, .. } in [&self.settings.merge, &workload.flux] {
            helm_release.iter().for_each(|fields| merge(&mut release, fields));
            of_source.iter().for_each(|fields| merge(&mut source, fields));
        }
        [source, release]
    }

    fn repository(&self, name: &str, chart: &Chart) -> (Object, (&'static str, Value)) {
        let spec = json!({ "interval": self.settings.interval, "url": chart.repo_url });
        let from = json!({
            "spec": {
                "chart": chart.name,
                "sourceRef": { "kind": "HelmRepository", "name": name },
                "version": chart.version,
            },
        });
        (self.object("source.toolkit.fluxcd.io/v1", "HelmRepository", name, spec), ("chart", from))
    }

    fn artifact(&self, name: &str, chart: &Chart) -> (Object, (&'static str, Value)) {
        let reference = match ChartVersion::of(&chart.version) {
            ChartVersion::Range => json!({ "semver": chart.version }),
            // Helm pushes `1.0.0+build` with the tag `1.0.0_build`, because a tag cannot contain `+`.
            ChartVersion::Exact | ChartVersion::Tag => json!({ "tag": chart.version.replace('+', "_") }),
        };
        let spec = json!({
            "interval": self.settings.interval,
            "layerSelector": { "mediaType": CHART_LAYER, "operation": "copy" },
            "ref": reference,
            "url": format!("{}/{}", chart.repo_url.trim_end_matches('/'), chart.name),
        });
        let from = json!({ "kind": "OCIRepository", "name": name });
        (self.object("source.toolkit.fluxcd.io/v1", "OCIRepository", name, spec), ("chartRef", from))
    }

    fn object(&self, version: &str, kind: &str, name: &str, spec: Value) -> Object {
        json!({
            "apiVersion": version,
            "kind": kind,
            "metadata": { "name": name, "namespace": self.settings.namespace },
            "spec": spec,
        })
    }
}
