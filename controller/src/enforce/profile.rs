//! `--enforce-profile`: the name of a built-in profile, or a file.

use hallpass_policy::Profile;

/// Returns a built-in profile, or reads a file.
///
/// # Errors
/// The file cannot be read, or is not a valid ConstraintProfile.
pub(super) fn profile(wanted: &str) -> Result<Profile, String> {
    if let Some(profile) = Profile::built_in(wanted) {
        return Ok(profile);
    }
    let bytes = std::fs::read(wanted).map_err(|error| {
        let known: Vec<String> = Profile::names().map(|name| format!("`{name}`")).collect();
        format!(
            "the profile `{wanted}` cannot be read: {error}; write {}, or the path of a ConstraintProfile",
            known.join(", ")
        )
    })?;
    read(&bytes).map_err(|fault| format!("the profile `{wanted}` is invalid: {fault}"))
}

fn read(bytes: &[u8]) -> Result<Profile, String> {
    let mut documents = hallpass_reader::read(bytes);
    let document = documents.next().ok_or("the file is empty")?.map_err(|fault| fault.to_string())?;
    if documents.next().is_some() {
        return Err("the file contains several documents: write one profile per file".to_owned());
    }
    Profile::read(document.root()).map_err(|faults| {
        let located = faults
            .into_iter()
            .map(|fault| fault.clone().located(document.locate(&fault.path).position()).to_string());
        located.collect::<Vec<_>>().join("; ")
    })
}
