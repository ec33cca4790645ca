//! The constraints of GKE Autopilot: their names, and which of them an allowlist can exempt from. C7: an allowlist
//! can exempt from Pod limits, which are never evaluated.

/// One row per constraint. A variant that is missing from a list would never be evaluated.
macro_rules! constraints {
    ($($(#[$doc:meta])* $variant:ident => $id:literal,)*) => {
        /// A constraint. Variants are in the order of reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Constraint {
            $($(#[$doc])* $variant,)*
        }

        impl Constraint {
            /// Every constraint.
            pub const ALL: [Constraint; [$($id),*].len()] = [$(Constraint::$variant),*];

            /// Returns GKE's name if it has one, and `hallpass/...` if GKE enforces a rule without naming it.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Constraint::$variant => $id,)*
                }
            }
        }
    };
}

constraints! {
    /// C1
    DisallowPrivilege => "autogke-disallow-privilege",
    /// C2
    DisallowHostNamespaces => "autogke-disallow-hostnamespaces",
    /// C3
    NoWriteModeHostPath => "autogke-no-write-mode-hostpath",
    /// C4
    NoHostPort => "autogke-no-host-port",
    /// C5
    DefaultLinuxCapabilities => "autogke-default-linux-capabilities",
    /// C6
    NodeAffinitySelectorLimitation => "autogke-node-affinity-selector-limitation",
    /// C7: exemptible, but never evaluated.
    PodLimit => "autogke-pod-limit-constraints",
    /// C9
    VolumeType => "hallpass/volume-type",
    /// C9
    ProcMount => "hallpass/proc-mount",
    /// C9
    UnsafeSysctl => "hallpass/unsafe-sysctl",
    /// C9
    HostProcess => "hallpass/host-process",
    /// C10
    ManagedNamespaces => "managed-namespaces-limitation",
    /// C6: keys in addition to a custom compute class. Not exemptible.
    CustomClassNodeKeys => "ccc-node-affinity-selector-limitation",
    /// C11
    ComputeClass => "autopilot-compute-class-limitation",
    /// C11
    MachineFamilySelection => "autopilot-machine-family-selection-limitation",
}

impl Constraint {
    /// Returns the constraint with this name.
    #[must_use]
    pub fn with_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|constraint| constraint.id() == id)
    }

    /// Whether an allowlist can exempt from the constraint (GKE's `WorkloadAllowlist` reference lists these seven).
    #[must_use]
    pub fn is_exemptible(self) -> bool {
        match self {
            Constraint::DisallowPrivilege
            | Constraint::DisallowHostNamespaces
            | Constraint::NoWriteModeHostPath
            | Constraint::NoHostPort
            | Constraint::DefaultLinuxCapabilities
            | Constraint::NodeAffinitySelectorLimitation
            | Constraint::PodLimit => true,
            Constraint::VolumeType
            | Constraint::ProcMount
            | Constraint::UnsafeSysctl
            | Constraint::HostProcess
            | Constraint::ManagedNamespaces
            | Constraint::CustomClassNodeKeys
            | Constraint::ComputeClass
            | Constraint::MachineFamilySelection => false,
        }
    }

    /// Whether a manifest contains enough to evaluate the constraint.
    #[must_use]
    pub fn is_evaluated(self) -> bool {
        self != Constraint::PodLimit
    }

    pub(crate) fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl serde::Serialize for Constraint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> serde::Deserialize<'de> for Constraint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Constraint::with_id(&id)
            .ok_or_else(|| serde::de::Error::custom(format_args!("no constraint is named `{id}`")))
    }
}
