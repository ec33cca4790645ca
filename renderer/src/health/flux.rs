//! Flux: an entry of `healthCheckExprs`.

use serde::Serialize;

/// An entry of a Flux Kustomization's `spec.healthCheckExprs`. It applies to every object of its kind.
///
/// Flux evaluates `inProgress`, then `failed`, then `current`. It waits for an object on which an expression has no
/// value, such as one without a `status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthCheckExpressions {
    /// The version of the objects; Flux compares only the group.
    pub api_version: String,
    /// Their kind.
    pub kind: String,
    /// CEL: no result for the current generation is available yet.
    pub in_progress: String,
    /// CEL: further waiting is useless.
    pub failed: String,
    /// CEL: ready.
    pub current: String,
}

/// An AllowlistSynchronizer is ready if it is Ready for its current generation, every path of its spec is listed, and
/// all files listed for it are `Installed`. It has failed if a file is `Failed`.
///
/// The Kustomization also needs `wait: true`, or a `healthChecks` entry per synchronizer.
#[must_use]
pub fn flux_expressions() -> HealthCheckExpressions {
    // Only the condition contains the generation: a synchronizer has no `status.observedGeneration`.
    let for_generation = "c.type == 'Ready' && has(c.observedGeneration) \
                          && c.observedGeneration == metadata.generation";
    let ready = format!(
        "has(status.conditions) && status.conditions.exists(c, {for_generation} && c.status == 'True')"
    );
    // `gs://BUCKET/dir/file.yaml` is `dir/file.yaml`.
    let path = "m.filePath.startsWith('gs://') \
                ? m.filePath.substring(m.filePath.indexOf('/', 5) + 1) : m.filePath";
    let listed = |phase: &str| format!("status.managedAllowlistStatus.filter(m, {phase}).map(m, {path})");
    let installed = listed("m.phase == 'Installed'");
    let other = listed("m.phase != 'Installed'");
    let below = "f.size() >= p.size() && f.startsWith(p.substring(0, p.size() - 1))";
    let current = format!(
        "{ready} && has(status.managedAllowlistStatus) && has(spec.allowlistPaths) \
         && spec.allowlistPaths.size() > 0 && spec.allowlistPaths.all(p, p == '*' || p.endsWith('/*') \
         ? {installed}.exists(f, {below}) && !{other}.exists(f, {below}) \
         : p in {installed} && !(p in {other}))"
    );
    HealthCheckExpressions {
        api_version: "auto.gke.io/v1".to_owned(),
        kind: "AllowlistSynchronizer".to_owned(),
        in_progress: format!("!has(status.conditions) || !status.conditions.exists(c, {for_generation})"),
        failed: "has(status.managedAllowlistStatus) \
                 && status.managedAllowlistStatus.exists(m, m.phase == 'Failed')"
            .to_owned(),
        current,
    }
}
