//! C4: host ports.

use crate::workload::Listed;

pub(super) fn messages() -> String {
    let number = "(has(port.hostPort) && port.hostPort != 0 ? port.hostPort : \
                  variables.host_network && listed.list != 'ephemeralContainers' && has(port.containerPort) ? \
                  port.containerPort : 0)";
    let ports =
        format!("(has(listed.of.ports) ? listed.of.ports.map(port, {number}).filter(port, port != 0) : [])");
    format!(
        "request.kind.kind == 'Pod' && !variables.host_network && variables.host_port_ranges.size() > 0 ? [] :\n\
         {}.map(listed, {{\n  \
         'container': listed.of.name,\n  \
         'ports': dyn({ports})\n\
         }}).filter(c, c.ports.size() > 0).map(c,\n  \
         'container ' + c.container + ' specifies host ports [' + c.ports.map(port, string(port)).join(' ') +\n    \
         '], which are disallowed in Autopilot.')",
        Listed::NAME
    )
}
