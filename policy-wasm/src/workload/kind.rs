//! The kinds that hold a Pod template, and where each keeps it (rule W1).

/// One row a kind, as a variant missing from a list of them would never be judged.
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
            /// Every kind that is judged.
            pub const ALL: [WorkloadKind; [$(stringify!($kind)),*].len()] = [$(WorkloadKind::$kind),*];

            /// The kind's name, as manifests write it.
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
    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The `apiVersion` under which Kubernetes serves the kind today.
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

    /// The kind's API group; empty for the core group.
    #[must_use]
    pub fn group(self) -> &'static str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// The keys that lead from the object to its Pod template; none when it is the template itself.
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
