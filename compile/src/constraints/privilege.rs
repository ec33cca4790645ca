//! C1: privileged containers.

pub(super) fn messages() -> String {
    "variables.containers.filter(c, c.privileged).map(c,\n  \
     'container ' + c.name + ' is privileged; not allowed in Autopilot')"
        .to_owned()
}
