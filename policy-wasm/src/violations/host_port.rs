//! C4: no container may use a host port, including those that `hostNetwork` implies; one violation per
//! container, or per reserved port of a DaemonSet.

use std::fmt::Write as _;

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use crate::profile::Profile;
use hallpass_workload::WorkloadKind;
use hallpass_workload::{Container, HostNamespace, HostPort, Workload};

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let holders = || workload.containers.iter().filter(|container| !container.host_ports.is_empty());
    if holders().next().is_none() {
        return;
    }
    // With `hostNetwork`, GKE treats a port in the manifest as one that the API server filled in (rule W2).
    let is_host_network = workload.host_namespaces.contains(&HostNamespace::Network);
    if workload.host_port_assignment && workload.kind == WorkloadKind::Pod && !is_host_network {
        found.assumed(
            Rule::C4,
            "the annotation `autopilot.gke.io/host-port-assignment` makes GKE choose the Pod's host ports, so they \
             do not violate: Google's how-to shows it for Pods like this, without more details"
                .to_owned(),
        );
        return;
    }
    let is_reserved = |port: &HostPort| profile.reserved_ports.contains(&port.port);
    let is_daemon_set = workload.kind == WorkloadKind::DaemonSet;
    let is_refused_for_reserved_ports =
        is_daemon_set && holders().any(|container| container.host_ports.iter().any(is_reserved));
    for container in holders() {
        if is_refused_for_reserved_ports {
            name_reserved(workload, container, is_reserved, found);
        } else {
            name_all(workload, container, found);
        }
    }
    if workload.host_port_assignment {
        found.assumed(
            Rule::C4,
            "the annotation `autopilot.gke.io/host-port-assignment` makes GKE assign host ports; whether it does so \
             for objects other than Pods, or with `hostNetwork`, is not public, so the ports count as violations"
                .to_owned(),
        );
    } else if is_daemon_set && !is_refused_for_reserved_ports {
        found.assumed_if_denied(
            Rule::C4,
            "all host ports of a DaemonSet are refused; newer clusters may refuse only reserved ones, but no \
             complete list is public"
                .to_owned(),
        );
    }
}

fn name_all(workload: &Workload<'_>, container: &Container<'_>, found: &mut Findings) {
    let Some(first) = container.host_ports.first() else { return };
    let mut ports = String::new();
    for port in &container.host_ports {
        let separator = if ports.is_empty() { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(ports, "{separator}{}", port.port);
    }
    found.violated(
        Constraint::NoHostPort,
        path(workload, container, first),
        format!(
            "container {} specifies host ports [{ports}], which are disallowed in Autopilot.",
            container.name
        ),
    );
}

fn name_reserved(
    workload: &Workload<'_>,
    container: &Container<'_>,
    is_reserved: impl Fn(&HostPort) -> bool,
    found: &mut Findings,
) {
    // At most as many as the profile reserves.
    let mut named = Vec::new();
    for port in container.host_ports.iter().filter(|port| is_reserved(port)) {
        if !named.contains(&port.port) {
            named.push(port.port);
            found.violated(
                Constraint::NoHostPort,
                path(workload, container, port),
                format!(
                    "container \"{}\" in {} \"{}\" uses reserved host port {}",
                    container.name,
                    workload.kind.name(),
                    workload.name.unwrap_or_default(),
                    port.port
                ),
            );
        }
    }
}

fn path(workload: &Workload<'_>, container: &Container<'_>, port: &HostPort) -> String {
    let field = if port.implied { "containerPort" } else { "hostPort" };
    format!("{}/ports/{}/{field}", container.pointer(&workload.spec_pointer), port.index)
}
