//! C4: no port of the node.

use std::fmt::Write as _;

use super::{Constraint, Findings};
use crate::decision::Rule;
use crate::workload::Workload;

pub(super) fn check(workload: &Workload<'_>, found: &mut Findings) {
    let mut any = false;
    for container in &workload.containers {
        let Some(first) = container.host_ports.first() else { continue };
        any = true;
        let mut ports = String::new();
        for port in &container.host_ports {
            let separator = if ports.is_empty() { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(ports, "{separator}{}", port.port);
        }
        let pointer = container.pointer(&workload.spec_pointer);
        let field = if first.implied { "containerPort" } else { "hostPort" };
        found.violated(
            Constraint::NoHostPort,
            format!("{pointer}/ports/{}/{field}", first.index),
            format!(
                "container {} specifies host ports [{ports}], which are disallowed in Autopilot.",
                container.name
            ),
        );
    }
    if any && workload.host_port_assignment {
        found.assumed(
            Rule::C4,
            "the annotation `autopilot.gke.io/host-port-assignment` lets GKE assign host ports; which ports of a \
             manifest that covers is not public, so they count as violations"
                .to_owned(),
        );
    }
}
