//! The constraints that a workload of an allowlist violates.

use std::sync::LazyLock;

use hallpass_policy::{Allowlist, Constraint, Profile};

static AUTOPILOT: LazyLock<Profile> = LazyLock::new(Profile::autopilot);

/// The constraints that only fields of `matchingCriteria` can violate. Criteria do not limit host ports, node labels and
/// Pod limits, so any allowlist may need those exemptions.
pub(crate) const LIMITED: [Constraint; 4] = [
    Constraint::DisallowPrivilege,
    Constraint::DisallowHostNamespaces,
    Constraint::NoWriteModeHostPath,
    Constraint::DefaultLinuxCapabilities,
];

/// A criterion that violates a constraint.
pub(crate) struct Need {
    pub(crate) constraint: Constraint,
    /// JSON pointer from the object.
    pub(crate) pointer: String,
    /// The criterion, in the words of a message.
    pub(crate) what: String,
}

/// Returns the criteria that violate a constraint of Autopilot, in the order of the file's lists.
pub(crate) fn needs(allowlist: &Allowlist<'_>) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut add = |constraint, pointer, what| needs.push(Need { constraint, pointer, what });
    for namespace in &allowlist.host_namespaces {
        let field = namespace.field();
        let pointer = format!("/matchingCriteria/{field}");
        add(Constraint::DisallowHostNamespaces, pointer, format!("`{field}`"));
    }
    for container in &allowlist.containers {
        let name = container.name;
        if container.privileged {
            let pointer = container.path("/securityContext/privileged");
            add(Constraint::DisallowPrivilege, pointer, format!("the privileged container `{name}`"));
        }
        for (index, capability) in container.added_capabilities.iter().enumerate() {
            if !AUTOPILOT.permits_capability(capability) {
                let pointer = container.path(&format!("/securityContext/capabilities/add/{index}"));
                let what = format!("capability `{capability}` of container `{name}`");
                add(Constraint::DefaultLinuxCapabilities, pointer, what);
            }
        }
        for mount in &container.mounts {
            let mut paths = allowlist.volumes_named(mount.name).filter_map(|volume| volume.host_path);
            let is_permitted = |path: &str| mount.read_only && AUTOPILOT.permits_host_path(path);
            if let Some(path) = paths.find(|path| !is_permitted(path)) {
                let how = if mount.read_only { "the mount" } else { "the writable mount" };
                let pointer = container.path(&format!("/volumeMounts/{}", mount.index));
                let what = format!("{how} of host path `{path}` in container `{name}`");
                add(Constraint::NoWriteModeHostPath, pointer, what);
            }
        }
    }
    needs
}
