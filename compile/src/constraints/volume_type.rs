//! C9: volume types. The API server drops unknown types, and makes a volume without a type an emptyDir.

use hallpass_policy::Profile;

use crate::text::{all_of, literal};

pub(super) fn messages(profile: &Profile) -> String {
    let permitted: Vec<&str> =
        profile.volume_types.iter().chain(&profile.assumed_volume_types).map(String::as_str).collect();
    let absent: Vec<String> =
        permitted.iter().filter(|name| is_field(name)).map(|name| format!("!has(volume.{name})")).collect();
    let end = literal(&format!(
        " has a type that is not allowed in Autopilot; allowed types are: {}.",
        profile.volume_types.join(", ")
    ));
    let volumes = format!(
        "variables.pod_volumes.filter(volume,\n  {}).map(volume,\n  'volume ' + volume.name + {end})",
        all_of(&absent).replace('\n', "\n  ")
    );
    match permitted.contains(&"persistentVolumeClaim") {
        true => volumes,
        false => format!("{volumes} +\nvariables.claims.map(claim, 'volume ' + claim + {end})"),
    }
}

/// Whether a name can be a field. Other names in a profile are not volume types.
fn is_field(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic())
}
