//! The `Fleet` that a platform team writes.

mod cel;
mod chart;
mod check;
mod controller;
mod delivery;
mod existing;
mod kubewarden;
mod outputs;
mod paths;
mod plan;
mod selector;
mod tool;
pub(crate) mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hallpass_document::{Diagnostic, Diagnostics, Value};
use hallpass_policy::GkeVersion;
use hallpass_policy::synchronizer::AllowedPath;
use hallpass_schemas::Schema;
use serde::Deserialize;

use crate::admission::{Exempt, Operations};

pub use outputs::{Output, TreePath};

pub(crate) use cel::Cel;
pub(crate) use chart::{Chart, ChartVersion};
pub(crate) use controller::{Controllers, Installer};
pub(crate) use delivery::{Argo, By, Delivery, Flux, Merge, ROOT};
pub(crate) use existing::{Existing, ExistingKind};
pub(crate) use kubewarden::{Admission, Kubewarden};
pub(crate) use plan::{Gate, Plan, plans};
pub(crate) use selector::Selector;
pub(crate) use tool::ToolVersion;

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let items = &[
        ("clusters", "cluster"),
        ("policies", "policy"),
        ("synchronizers", "synchronizer"),
        ("workloads", "workload"),
    ];
    Schema::new(hallpass_schemas::FLEET, "fleet", items)
});

/// Null removes a default of a chart, and a field of the object into which these are merged. In a profile, a constraint
/// without settings is enabled.
const NULLS_KEPT: [(&str, &str); 5] = [
    ("chart", "values"),
    ("flux", "kustomization"),
    ("flux", "helmRelease"),
    ("flux", "source"),
    ("profile", "constraints"),
];

/// A valid fleet: it conforms to the schema and passed every check.
#[derive(Clone, Debug)]
pub struct Fleet {
    pub(crate) name: String,
    pub(crate) spec: Spec,
    /// The `spec` as it is written.
    pub(crate) written: serde_json::Value,
}

/// A fleet with its warnings.
#[derive(Debug)]
pub struct ReadFleet {
    /// The fleet.
    pub fleet: Fleet,
    /// Parts that are valid, but perhaps not intended.
    pub warnings: Vec<Diagnostic>,
}

impl Fleet {
    /// Reads a fleet from the root of its document.
    ///
    /// # Errors
    /// Everything that prevents rendering: violations of the schema (`schemas/fleet.schema.json`) and inconsistencies.
    /// Consistency is checked only if the fleet conforms to the schema.
    pub fn read(root: &Value<'_>) -> Result<ReadFleet, Vec<Diagnostic>> {
        let mut faults = Diagnostics::default();
        let json = hallpass_schemas::json(root, &NULLS_KEPT);
        SCHEMA.validate(&json, root, &mut faults);
        if !faults.errors.is_empty() {
            return Err(faults.errors);
        }
        check::authorized_paths(&json, &mut faults);
        check::cel_texts(&json, &mut faults);
        if !faults.errors.is_empty() {
            return Err(faults.errors);
        }
        let written = json.get("spec").cloned().unwrap_or_default();
        let document: Document = serde_json::from_value(json)
            .map_err(|error| vec![Diagnostic::new(String::new(), format!("this is not a fleet: {error}"))])?;
        let mut fleet = Fleet { name: document.metadata.name, spec: document.spec, written };
        fleet.spec.clusters.iter_mut().for_each(Cluster::default_path);
        check::all(&fleet, &mut faults);
        if faults.errors.is_empty() {
            Ok(ReadFleet { fleet, warnings: faults.warnings })
        } else {
            Err(faults.errors)
        }
    }

    /// The name of the fleet.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the local allowlist files that the fleet names, relative to the fleet file, without duplicates and
    /// sorted by name. Each comes with the JSON pointer to its first occurrence. The lock file records their digests.
    #[must_use]
    pub fn allowlist_files(&self) -> BTreeMap<&str, String> {
        let mut files = BTreeMap::new();
        for (index, synchronizer) in self.spec.synchronizers.iter().enumerate() {
            for (file, name) in synchronizer.allowlist_files.iter().enumerate() {
                let pointer = || format!("/spec/synchronizers/{index}/allowlistFiles/{file}");
                files.entry(name.as_str()).or_insert_with(pointer);
            }
        }
        files
    }

    /// Returns the files and folders with the allowlists of each entry of `cel`, relative to the fleet file. Each comes with
    /// its JSON pointer.
    pub fn compiled_allowlists(&self) -> impl Iterator<Item = Vec<(&str, String)>> {
        self.spec.cel.iter().enumerate().map(|(index, entry)| {
            let paths = entry.allowlists.iter().enumerate();
            paths
                .map(|(path, name)| (name.as_str(), format!("/spec/cel/{index}/allowlists/{path}")))
                .collect()
        })
    }

    /// Returns the folders of the tree that get a `kustomization.yaml`.
    #[must_use]
    pub fn outputs(&self) -> Vec<Output<'_>> {
        outputs::outputs(self)
    }

    /// Returns the tree's path in its repository, as each delivery from Git states it.
    #[must_use]
    pub fn tree_paths(&self) -> Vec<TreePath<'_>> {
        outputs::tree_paths(self)
    }

    /// Returns the names of the clusters, in the order of the file.
    pub fn clusters(&self) -> impl Iterator<Item = &str> {
        self.spec.clusters.iter().map(|cluster| cluster.name.as_str())
    }

    /// Returns the synchronizers that a cluster should have, sorted by name; nothing if the fleet does not contain the
    /// cluster.
    #[must_use]
    pub fn wanted_on(&self, cluster: &str) -> Vec<Wanted<'_>> {
        let plan = plans(self).into_iter().find(|plan| plan.cluster.name == cluster);
        let synchronizers = plan.into_iter().flat_map(|plan| plan.synchronizers);
        synchronizers
            .map(|(index, synchronizer)| Wanted {
                name: &synchronizer.name,
                paths: &synchronizer.allowlist_paths,
                bucket_name: synchronizer.bucket_name.as_deref(),
                project_number: synchronizer.project_number,
                pointer: format!("/spec/synchronizers/{index}"),
            })
            .collect()
    }
}

/// A synchronizer that a cluster should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'f> {
    /// Its name.
    pub name: &'f str,
    /// The paths of its spec.
    pub paths: &'f [String],
    /// The bucket from which to install the paths; absent for Google's repository.
    pub bucket_name: Option<&'f str>,
    /// The number of the project that owns the bucket.
    pub project_number: Option<i64>,
    /// The JSON pointer to the synchronizer in the fleet.
    pub pointer: String,
}

#[derive(Deserialize)]
struct Document {
    metadata: Metadata,
    spec: Spec,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Spec {
    pub(crate) clusters: Vec<Cluster>,
    #[serde(default)]
    pub(crate) synchronizers: Vec<Synchronizer>,
    #[serde(default)]
    pub(crate) workloads: Vec<Workload>,
    #[serde(default)]
    pub(crate) policies: Vec<Policy>,
    #[serde(default)]
    pub(crate) kubewarden: Vec<Kubewarden>,
    #[serde(default)]
    pub(crate) cel: Vec<Cel>,
    #[serde(default)]
    pub(crate) controller: Vec<Controllers>,
    pub(crate) delivery: Vec<Delivery>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cluster {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    /// Absent on clusters that are not GKE clusters.
    pub(crate) gke_version: Option<String>,
    #[serde(default)]
    pub(crate) admission: Admission,
    #[serde(default)]
    pub(crate) synchronizer: Installer,
    /// Empty in a fleet without it, until the default is set.
    #[serde(default)]
    pub(crate) path: String,
    #[serde(skip)]
    pub(crate) has_default_path: bool,
    pub(crate) server: Option<String>,
}

impl Cluster {
    /// Returns the version of GKE; the check of a fleet reports one that is not valid.
    pub(crate) fn version(&self) -> Option<GkeVersion> {
        self.gke_version.as_ref()?.parse().ok()
    }

    fn default_path(&mut self) {
        if self.path.is_empty() {
            self.path = format!("clusters/{}", self.name);
            self.has_default_path = true;
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Synchronizer {
    pub(crate) name: String,
    pub(crate) clusters: Selector,
    pub(crate) bucket_name: Option<String>,
    pub(crate) project_number: Option<i64>,
    pub(crate) allowlist_paths: Vec<String>,
    #[serde(default)]
    pub(crate) allowlist_files: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Workload {
    pub(crate) name: String,
    pub(crate) clusters: Selector,
    #[serde(flatten)]
    pub(crate) origin: Origin,
    pub(crate) waits_for: Vec<String>,
    /// Fields for the workload's Flux objects.
    #[serde(default)]
    pub(crate) flux: Merge,
}

/// The origin of a workload's manifests.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Origin {
    /// A folder of the repository.
    Path(String),
    /// A Helm repository.
    Chart(Box<Chart>),
    /// An object that hallpass does not render.
    Existing(Existing),
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) clusters: Selector,
    #[serde(flatten)]
    pub(crate) rule: Rule,
    #[serde(default)]
    pub(crate) exempt: Exempt,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Rule {
    Forbid(Forbid),
    Allow(Vec<AllowedPath>),
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Forbid {
    #[serde(default)]
    pub(crate) operations: Operations,
}
