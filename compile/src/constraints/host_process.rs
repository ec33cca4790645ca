//! C9: Windows host processes.

use crate::workload::Listed;

pub(super) fn messages() -> String {
    let is_set = |holder: &str| {
        let options = format!("{holder}.securityContext.windowsOptions");
        format!(
            "has({holder}.securityContext) && has({options}) && has({options}.hostProcess) && {options}.hostProcess"
        )
    };
    format!(
        "({} ?\n  ['the Pod runs its containers as host processes; not allowed in Autopilot.'] : []) +\n\
         {}.filter(listed,\n  {}).map(listed,\n  \
         'container ' + listed.of.name + ' runs as a host process; not allowed in Autopilot.')",
        is_set("variables.spec"),
        Listed::NAME,
        is_set("listed.of")
    )
}
