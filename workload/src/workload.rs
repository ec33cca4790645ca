//! The parts of a workload that rules read, borrowed from the document.

use std::fmt;

use super::kind::WorkloadKind;
use super::manifest::Namespace;
use super::parts::{Container, Volume};
use super::scheduling::COMPUTE_CLASS;

/// A workload: a Pod, or a template for Pods.
#[derive(Clone, Debug)]
pub struct Workload<'v> {
    /// Its kind.
    pub kind: WorkloadKind,
    /// `metadata.name`, or `metadata.generateName` if only that is set.
    pub name: Option<&'v str>,
    /// The admission request's namespace, or else `metadata.namespace`.
    pub namespace: Option<Namespace<'v>>,
    /// JSON pointer to the object from the document's root.
    pub pointer: String,
    /// JSON pointer to the Pod spec from the document's root.
    pub spec_pointer: String,
    /// The label that selects the only allowlist to consider.
    pub matching_label: Option<MatchingLabel<'v>>,
    /// Whether the Pod template or the object has the annotation `autopilot.gke.io/host-port-assignment`.
    pub host_port_assignment: bool,
    /// The host namespaces that the Pod joins, in file order.
    pub host_namespaces: Vec<HostNamespace>,
    /// Whether `hostUsers` is true.
    pub host_users: bool,
    /// The Pod's own `AppArmor` profile.
    pub app_armor: Option<AppArmor<'v>>,
    /// `securityContext.sysctls[].name`.
    pub sysctls: Vec<&'v str>,
    /// Whether `securityContext.windowsOptions.hostProcess` of the Pod is true.
    pub host_process: bool,
    /// The node label keys that scheduling selects by, in file order.
    pub node_keys: Vec<NodeKey<'v>>,
    /// The taints that the Pod tolerates.
    pub tolerations: Vec<Toleration<'v>>,
    /// `runtimeClassName`
    pub runtime_class: Option<&'v str>,
    /// The volumes of the Pod template, without those that the API server injects (rule W5), followed by those that a
    /// controller creates from claim templates. The latter replace volumes with the same name in the Pod; both are
    /// evaluated (rule W2).
    pub volumes: Vec<Volume<'v>>,
    /// Returns the JSON pointer to the field because of which the controller sets `JOB_COMPLETION_INDEX` in each container (rule
    /// W2).
    pub completion_index: Option<String>,
    /// The containers of all three lists, in file order.
    pub containers: Vec<Container<'v>>,
}

/// The label `cloud.google.com/matching-allowlist`.
#[derive(Clone, Debug)]
pub struct MatchingLabel<'v> {
    /// The `metadata.name` of the only allowlist to consider.
    pub allowlist: &'v str,
    /// JSON pointer to the label.
    pub path: String,
    /// Whether the Pod template has the label, as GKE documents, and not only the object.
    pub on_template: bool,
}

/// A host namespace that a Pod can join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostNamespace {
    /// `hostNetwork`
    Network,
    /// `hostPID`
    Pid,
    /// `hostIPC`
    Ipc,
}

impl HostNamespace {
    /// All host namespaces.
    pub const ALL: [HostNamespace; 3] = [HostNamespace::Network, HostNamespace::Pid, HostNamespace::Ipc];

    /// Returns the field of the Pod spec.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            HostNamespace::Network => "hostNetwork",
            HostNamespace::Pid => "hostPID",
            HostNamespace::Ipc => "hostIPC",
        }
    }
}

/// An `appArmorProfile`, of a workload or an allowlist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppArmor<'v> {
    /// No confinement.
    Unconfined,
    /// The container runtime's default profile.
    RuntimeDefault,
    /// A profile loaded on the node.
    Localhost(&'v str),
}

impl fmt::Display for AppArmor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppArmor::Unconfined => f.write_str("Unconfined"),
            AppArmor::RuntimeDefault => f.write_str("RuntimeDefault"),
            AppArmor::Localhost(profile) => write!(f, "Localhost {profile}"),
        }
    }
}

/// A node label key that scheduling selects by.
#[derive(Clone, Debug)]
pub struct NodeKey<'v> {
    /// The key.
    pub key: &'v str,
    /// The accepted values: that of a selector, or those of the operator `In`. Empty for other operators.
    pub values: Vec<&'v str>,
    /// JSON pointer from the document's root: to the value of a selector, or to the key of an affinity.
    pub path: String,
    /// The field that contains it.
    pub source: NodeKeySource,
}

/// A field of a Pod spec that selects nodes by label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKeySource {
    /// `nodeSelector`
    Selector,
    /// `requiredDuringSchedulingIgnoredDuringExecution` of `affinity.nodeAffinity`
    Required,
    /// `preferredDuringSchedulingIgnoredDuringExecution` of it
    Preferred,
}

impl NodeKeySource {
    /// Returns the name in messages.
    #[must_use]
    pub fn named(self) -> &'static str {
        match self {
            NodeKeySource::Selector => "node selector",
            NodeKeySource::Required | NodeKeySource::Preferred => "node affinity",
        }
    }
}

/// A taint that a Pod tolerates, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Toleration<'v> {
    /// The key; empty for all.
    pub key: &'v str,
    /// The operator; empty for `Equal`.
    pub operator: &'v str,
    /// The value.
    pub value: &'v str,
    /// The effect; empty for all.
    pub effect: &'v str,
}

impl<'v> Workload<'v> {
    /// Returns the compute classes that scheduling selects, and where.
    pub fn compute_classes(&self) -> impl Iterator<Item = (&'v str, NodeKeySource)> {
        let selecting = self.node_keys.iter().filter(|node_key| node_key.key == COMPUTE_CLASS);
        selecting.flat_map(|node_key| node_key.values.iter().map(|name| (*name, node_key.source)))
    }
}

impl Workload<'_> {
    /// Returns the JSON pointer to the field `below` in a volume; for a claim template, always to the name.
    #[must_use]
    pub fn volume_pointer(&self, volume: &Volume<'_>, below: &str) -> String {
        if volume.of_claim_template {
            format!("{}/spec/volumeClaimTemplates/{}/metadata/name", self.pointer, volume.index)
        } else {
            format!("{}/volumes/{}{below}", self.spec_pointer, volume.index)
        }
    }
}
