//! C2: host namespaces.

use hallpass_workload::HostNamespace;

pub(super) fn messages() -> String {
    let messages = HostNamespace::ALL.map(|namespace| {
        let variable = variable(namespace);
        format!(
            "(variables.{variable} ? ['enabling {} is not allowed in Autopilot.'] : [])",
            namespace.field()
        )
    });
    messages.join(" +\n")
}

/// Returns the name of the variable for whether the Pod joins a host namespace.
pub(crate) fn variable(namespace: HostNamespace) -> &'static str {
    match namespace {
        HostNamespace::Network => "host_network",
        HostNamespace::Pid => "host_pid",
        HostNamespace::Ipc => "host_ipc",
    }
}
