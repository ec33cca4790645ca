//! The settings of every command that syncs.

use std::collections::BTreeSet;

use clap::Args;
use hallpass_policy::GkeVersion;
use hallpass_policy::synchronizer::AuthorizedPaths;
use kube::Config;

use crate::enforce::{self, Rules};
use crate::source::{Bucket, RepositoryUrl, Source};

/// Where allowlists come from, and which ones may be installed.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Where allowlists are published: what Google's repository is on GKE
    ///
    /// `file:///folder`, `gs://bucket`, `s3://bucket`, or `https://host/folder` (there, `dir/*` needs WebDAV).
    /// Credentials come from the environment, preferably from the workload identity of the Pod.
    #[arg(long, value_name = "URL", env = "HALLPASS_REPOSITORY")]
    pub repository: RepositoryUrl,

    /// A bucket that synchronizers may name as `bucketName`
    ///
    /// `gs://NAME` and `s3://NAME` have their own name; anything else needs one. Repeat it for more buckets.
    #[arg(long = "bucket", value_name = "[NAME=]URL")]
    pub buckets: Vec<Bucket>,

    /// The paths that synchronizers may name, as in GKE's `--autopilot-privileged-admission`
    ///
    /// `gke://` means the repository, `gs://NAME` a bucket. If empty, nothing may be installed.
    #[arg(long, value_name = "PATHS", default_value = "gke://*")]
    pub authorized_paths: AuthorizedPaths,

    /// The version of GKE that the cluster counts as, for `minGKEVersion`
    ///
    /// Without it, every minimum is met.
    #[arg(long, value_name = "VERSION")]
    pub gke_version: Option<GkeVersion>,

    /// Whether and how allowlists are enforced.
    #[command(flatten)]
    pub enforcement: enforce::Settings,
}

impl Settings {
    /// Checks the locations without opening them, and the options of enforcement without reading a profile.
    ///
    /// # Errors
    /// A location or an option that cannot be used.
    pub fn check(&self) -> Result<(), String> {
        self.repository.check()?;
        let mut names = BTreeSet::new();
        for Bucket { name, url } in &self.buckets {
            url.check()?;
            if !names.insert(name) {
                return Err(format!("duplicate bucket `{name}`"));
            }
        }
        self.enforcement.check()
    }

    /// Returns what to enforce; `None` if allowlists are only installed.
    ///
    /// # Errors
    /// The profile cannot be used.
    pub fn rules(&self) -> Result<Option<Rules>, String> {
        // Elsewhere, the default namespace is one of the user's.
        let own_namespace = Config::incluster().ok().map(|config| config.default_namespace);
        self.enforcement.rules(self.gke_version, own_namespace.as_deref())
    }

    /// Opens the locations.
    ///
    /// # Errors
    /// A location that cannot be used.
    pub fn source(&self) -> Result<Source, String> {
        self.check()?;
        Source::new(&self.repository, &self.buckets, self.gke_version)
    }
}
