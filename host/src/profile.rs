//! `--profile`: the name of the built-in profile, or a user's file.

use std::path::Path;

use hallpass_policy::Profile;
use hallpass_report::Wanted;

use crate::output::Problem;
use crate::source::Source;

const WANTED: Wanted = Wanted { called: "a profile", kind: "ConstraintProfile" };

/// The profile without a setting.
pub(crate) const DEFAULT: &str = "autopilot";

/// The constraints to enforce.
pub(crate) struct Chosen {
    pub(crate) profile: Profile,
    /// The name of a built-in profile, or the contents of a user's file, for an engine that reads it itself.
    pub(crate) source: serde_json::Value,
}

pub(crate) fn load(wanted: &Path) -> Result<Chosen, Vec<Problem>> {
    if let Some((name, profile)) = wanted.to_str().and_then(|name| Some((name, Profile::built_in(name)?))) {
        return Ok(Chosen { profile, source: name.into() });
    }
    let source = Source::read(wanted, &WANTED, ", `autopilot` or `kubernetes`")?;
    let parsed = source.document(&WANTED)?;
    let root = parsed.document.root();
    let profile = Profile::read(root)
        .map_err(|faults| faults.iter().map(|fault| parsed.problem(fault)).collect::<Vec<_>>())?;
    let json =
        serde_json::to_value(root).map_err(|error| vec![Problem::new(&source.name, error.to_string())])?;
    Ok(Chosen { profile, source: json })
}
