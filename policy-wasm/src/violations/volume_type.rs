//! C9: only the volume types of the profile. No allowlist exempts from this.

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use crate::profile::Profile;
use hallpass_workload::Workload;

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    for volume in &workload.volumes {
        let volume_type = volume.volume_type;
        let listed = |list: &[String]| list.iter().any(|listed| listed == volume_type);
        if listed(&profile.volume_types) {
            continue;
        }
        if listed(&profile.assumed_volume_types) {
            found.assumed(
                Rule::C9,
                format!(
                    "volume `{}` of type `{volume_type}` is accepted: GKE's list of volume types does not contain \
                     it, but it creates a PersistentVolumeClaim",
                    volume.name
                ),
            );
            continue;
        }
        let mut below = String::new();
        hallpass_document::push_key(&mut below, volume_type);
        found.violated(
            Constraint::VolumeType,
            workload.volume_pointer(volume, &below),
            format!(
                "volume {} has type {volume_type}, which is not allowed in Autopilot; allowed types are: {}.",
                volume.name,
                profile.volume_types.join(", ")
            ),
        );
    }
}
