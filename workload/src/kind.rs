//! The kinds with a Pod template, and the template's path in each (rule W1).

/// One row per kind. A variant that is missing from a list would never be evaluated.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// A built-in kind that creates Pods, or is one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        pub enum WorkloadKind {
            $($(#[$doc])* $kind,)*
        }

        impl WorkloadKind {
            /// All evaluated kinds.
            pub const ALL: [WorkloadKind; [$(stringify!($kind)),*].len()] = [$(WorkloadKind::$kind),*];

            /// Returns the name of the kind.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(WorkloadKind::$kind => stringify!($kind),)*
                }
            }
        }
    };
}

kinds! {
    /// `v1`
    Pod,
    /// `v1`
    PodTemplate,
    /// `v1`
    ReplicationController,
    /// `apps/v1`
    ReplicaSet,
    /// `apps/v1`
    Deployment,
    /// `apps/v1`
    StatefulSet,
    /// `apps/v1`
    DaemonSet,
    /// `batch/v1`
    Job,
    /// `batch/v1`
    CronJob,
}

impl WorkloadKind {
    /// Returns the kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the `apiVersion` under which Kubernetes currently serves the kind.
    #[must_use]
    pub fn api_version(self) -> &'static str {
        match self {
            WorkloadKind::Pod | WorkloadKind::PodTemplate | WorkloadKind::ReplicationController => "v1",
            WorkloadKind::ReplicaSet
            | WorkloadKind::Deployment
            | WorkloadKind::StatefulSet
            | WorkloadKind::DaemonSet => "apps/v1",
            WorkloadKind::Job | WorkloadKind::CronJob => "batch/v1",
        }
    }

    /// Returns the API group of the kind; empty for the core group.
    #[must_use]
    pub fn group(self) -> &'static str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// Returns the keys from the object to its Pod template; empty if the object is the template itself.
    #[must_use]
    pub fn template(self) -> &'static [&'static str] {
        match self {
            WorkloadKind::Pod => &[],
            WorkloadKind::PodTemplate => &["template"],
            WorkloadKind::CronJob => &["spec", "jobTemplate", "spec", "template"],
            _ => &["spec", "template"],
        }
    }
}
