//! Container ports and host ports.

use std::collections::BTreeSet;

use super::refuse;
use crate::{Container, ContainerList};
use hallpass_document::{At, Diagnostics};

const RANGE: std::ops::RangeInclusive<i32> = 1..=65535;
const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

/// An entry of `ports`, with the fields that the API server validates.
pub(crate) struct Port<'v> {
    pub(crate) container: i32,
    /// 0 if not set.
    pub(crate) host: i32,
    pub(crate) protocol: &'v str,
}

pub(crate) fn check_port(port: &Port<'_>, host_network: bool, at: &At<'_>, faults: &mut Diagnostics) {
    let help = "write a port from 1 to 65535";
    if !RANGE.contains(&port.container) {
        let what = match port.container {
            0 => "the port has no `containerPort`, or it is 0".to_owned(),
            other => format!("`{other}` is not a port"),
        };
        refuse(at.key("containerPort").pointer(), what, help, faults);
    }
    if port.host != 0 && !RANGE.contains(&port.host) {
        refuse(at.key("hostPort").pointer(), format!("`{}` is not a port", port.host), help, faults);
    } else if host_network && port.host != 0 && port.host != port.container {
        let what = format!("with `hostNetwork` the host port must be {}, not {}", port.container, port.host);
        refuse(at.key("hostPort").pointer(), what, "remove `hostPort`, or make them equal", faults);
    }
    if !PROTOCOLS.contains(&port.protocol) {
        let what = format!("`{}` is not a protocol", port.protocol);
        refuse(at.key("protocol").pointer(), what, "write `TCP`, `UDP` or `SCTP`", faults);
    }
}

/// Host ports that two containers would use. Init containers run one after another, so each is checked separately.
pub(crate) fn check_host_ports(containers: &[Container<'_>], spec: &At<'_>, faults: &mut Diagnostics) {
    let mut of_main = BTreeSet::new();
    for container in containers {
        let mut of_init = BTreeSet::new();
        let taken = match container.list {
            ContainerList::Main => &mut of_main,
            ContainerList::Init => &mut of_init,
            ContainerList::Ephemeral => continue,
        };
        let list = spec.key(container.list.field());
        let at = list.index(container.index);
        let at = at.key("ports");
        for port in &container.host_ports {
            if !taken.insert((port.port, port.protocol, port.host_ip)) {
                let field = if port.implied { "containerPort" } else { "hostPort" };
                refuse(
                    at.index(port.index).key(field).pointer(),
                    format!("host port {}/{} is used twice", port.port, port.protocol),
                    "give each port of the Pod a different `hostPort` or `hostIP`",
                    faults,
                );
            }
        }
    }
}
