//! C3: mounts of host paths.

use hallpass_policy::Profile;

use crate::text::literal;
use crate::variable::Variable;

/// Returns the variable with the hostPath volumes, and whether they may be mounted read-only.
pub(super) fn host_paths(profile: &Profile) -> Variable {
    let starts: Vec<String> = profile
        .path_prefixes
        .iter()
        .map(|prefix| format!("volume.hostPath.path.startsWith({})", literal(prefix)))
        .collect();
    let starts = if starts.is_empty() { "false".to_owned() } else { format!("({})", starts.join(" || ")) };
    Variable::new(
        "host_paths",
        format!(
            "variables.pod_volumes.filter(volume, has(volume.hostPath)).map(volume, {{\n  \
             'name': dyn(volume.name),\n  \
             'path': dyn(volume.hostPath.path),\n  \
             'readable': dyn({starts} && !volume.hostPath.path.contains('//') &&\n    \
             !volume.hostPath.path.split('/').exists(segment, segment == '..'))\n\
             }})"
        ),
    )
}

/// Returns one message per container, about its first refused mount.
pub(super) fn messages(profile: &Profile) -> String {
    let read_only = "has(mount.readOnly) && mount.readOnly";
    let refused = format!(
        "c.mounts.filter(mount, variables.host_paths.exists(volume,\n    \
         volume.name == mount.name && !({read_only} && volume.readable)))"
    );
    format!(
        "variables.containers.map(c, {{\n  \
         'container': c.name,\n  \
         'mounts': dyn({refused})\n\
         }}).filter(c, c.mounts.size() > 0).map(c, [c.mounts[0]].map(mount,\n  \
         !({read_only}) ?\n    \
         'hostPath volume ' + mount.name + ' in container ' + c.container + {} :\n    \
         'hostPath volume ' + mount.name + ' used in container ' + c.container + ' uses path ' +\n      \
         variables.host_paths.filter(volume, volume.name == mount.name)[0].path + {}\n\
         )[0])",
        literal(" is accessed in write mode; disallowed in Autopilot."),
        literal(&format!(
            " which is not allowed in Autopilot. Allowed path prefixes for hostPath volumes are: [{}].",
            profile.path_prefixes.join(" ")
        )),
    )
}
