//! C9: unmasked `/proc`.

use crate::workload::Listed;

pub(super) fn messages() -> String {
    let context = "listed.of.securityContext";
    format!(
        "{}.filter(listed,\n  \
         has({context}) && has({context}.procMount) && {context}.procMount == 'Unmasked').map(listed,\n  \
         'container ' + listed.of.name + ' sets procMount to Unmasked, which is not allowed in Autopilot.')",
        Listed::NAME
    )
}
