//! The kinds of differences, by risk.

use std::fmt;

/// The kind of a difference. The order is that of the risk, the highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(rename = "DifferenceClass", rename_all = "kebab-case")
)]
pub enum Class {
    /// An allowlist that the other side lacks.
    Allowlist,
    /// An exemption from a constraint.
    Exemption,
    /// A privileged container.
    Privileged,
    /// A host namespace.
    HostNamespace,
    /// A capability that is added, or no longer dropped.
    Capability,
    /// A hostPath volume.
    HostPath,
    /// A container.
    Container,
    /// An image.
    Image,
    /// A command, of the container or of a hook or probe.
    Command,
    /// An argument.
    Args,
    /// An environment variable, or a source of them.
    Env,
    /// An AppArmor profile.
    AppArmor,
    /// A mount or a raw block device.
    Mount,
    /// Another volume.
    Volume,
    /// Connections to containers.
    Connect,
    /// A version of GKE.
    Version,
    /// A privilege that a workload may do without.
    Omission,
}

impl Class {
    /// All classes, the highest risk first.
    pub const ALL: [Class; 17] = [
        Class::Allowlist,
        Class::Exemption,
        Class::Privileged,
        Class::HostNamespace,
        Class::Capability,
        Class::HostPath,
        Class::Container,
        Class::Image,
        Class::Command,
        Class::Args,
        Class::Env,
        Class::AppArmor,
        Class::Mount,
        Class::Volume,
        Class::Connect,
        Class::Version,
        Class::Omission,
    ];

    /// Returns the name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Class::Allowlist => "allowlist",
            Class::Exemption => "exemption",
            Class::Privileged => "privileged",
            Class::HostNamespace => "host-namespace",
            Class::Capability => "capability",
            Class::HostPath => "host-path",
            Class::Container => "container",
            Class::Image => "image",
            Class::Command => "command",
            Class::Args => "args",
            Class::Env => "env",
            Class::AppArmor => "app-armor",
            Class::Mount => "mount",
            Class::Volume => "volume",
            Class::Connect => "connect",
            Class::Version => "version",
            Class::Omission => "omission",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
