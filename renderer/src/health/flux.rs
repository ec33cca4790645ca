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
    HealthCheckExpressions {
        api_version: "auto.gke.io/v1".to_owned(),
        kind: "AllowlistSynchronizer".to_owned(),
        in_progress: IN_PROGRESS.to_owned(),
        failed: FAILED.to_owned(),
        current: CURRENT.to_owned(),
    }
}

/// Only the condition contains the generation: a synchronizer has no `status.observedGeneration`.
const IN_PROGRESS: &str = "\
!has(status.conditions)
|| !status.conditions.exists(c,
  c.type == 'Ready'
  && has(c.observedGeneration)
  && c.observedGeneration == metadata.generation)";

const FAILED: &str = "\
has(status.managedAllowlistStatus)
&& status.managedAllowlistStatus.exists(m, m.phase == 'Failed')";

/// `gs://BUCKET/dir/file.yaml` is `dir/file.yaml`. CEL has no variables: `[list].all(name, ...)` names a list.
const CURRENT: &str = "\
has(status.conditions)
&& has(status.managedAllowlistStatus)
&& has(spec.allowlistPaths)
&& spec.allowlistPaths.size() > 0
&& status.conditions.exists(c,
  c.type == 'Ready'
  && c.status == 'True'
  && has(c.observedGeneration)
  && c.observedGeneration == metadata.generation)
&& [status.managedAllowlistStatus.filter(m, m.phase == 'Installed').map(m,
  m.filePath.startsWith('gs://')
  ? m.filePath.substring(m.filePath.indexOf('/', 5) + 1)
  : m.filePath)].all(installed,
[status.managedAllowlistStatus.filter(m, m.phase != 'Installed').map(m,
  m.filePath.startsWith('gs://')
  ? m.filePath.substring(m.filePath.indexOf('/', 5) + 1)
  : m.filePath)].all(others,
spec.allowlistPaths.all(path,
  path == '*' || path.endsWith('/*')
  ? installed.exists(file,
      file.size() >= path.size()
      && file.startsWith(path.substring(0, path.size() - 1)))
    && !others.exists(file,
      file.size() >= path.size()
      && file.startsWith(path.substring(0, path.size() - 1)))
  : path in installed && !(path in others))))";
