//! C5: added capabilities.

use hallpass_policy::Profile;

use crate::text::{list, literal};

pub(super) fn messages(profile: &Profile) -> String {
    let refused =
        format!("filter(name, !(name in {}))", list(profile.capabilities.iter().map(String::as_str)));
    let end = format!(
        "' not allowed; Autopilot only allows the capabilities: '{}'.",
        profile.capabilities.join(",")
    );
    format!(
        "variables.containers.map(c, {{\n  \
         'container': c.name,\n  \
         'refused': dyn(c.add.{refused})\n\
         }}).filter(c, c.refused.size() > 0).map(c,\n  \
         {} + c.refused.join(',') + {} + c.container +\n    {})",
        literal("linux capability '"),
        literal("' on container '"),
        literal(&end)
    )
}
