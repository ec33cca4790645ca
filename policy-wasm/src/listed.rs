//! Loads a list of documents with allowlists, as hosts pass them: all of them, or none.

use crate::allowlist::AllowlistSet;
use hallpass_document::{Diagnostic, Value};
use hallpass_workload::{Manifest, Role, manifests};

/// Documents with allowlists, each with its location. The paths of faults start with it.
#[derive(Default)]
pub struct Listed<'v> {
    found: Vec<Manifest<'v>>,
    places: Vec<String>,
    faults: Vec<Diagnostic>,
}

impl<'v> Listed<'v> {
    /// Adds a `WorkloadAllowlist`, or a list of them.
    pub fn add(&mut self, place: String, document: &'v Value<'v>) {
        let (objects, wrong) = manifests(document);
        self.faults.extend(wrong.into_iter().map(|fault| fault.below(&place)));
        for object in objects {
            match object.role() {
                Ok(Role::Allowlist) => {
                    self.found.push(object);
                    self.places.push(place.clone());
                }
                Ok(_) => {
                    let message = format!("a {} is not a WorkloadAllowlist", object.kind);
                    self.faults.push(Diagnostic::new(object.pointer, message).below(&place));
                }
                Err(fault) => self.faults.push(fault.below(&place)),
            }
        }
    }

    /// Returns the objects, without reading them.
    ///
    /// # Errors
    /// An object is not an allowlist.
    pub fn manifests(self) -> Result<(Vec<Manifest<'v>>, Vec<String>), Vec<Diagnostic>> {
        if self.faults.is_empty() { Ok((self.found, self.places)) } else { Err(self.faults) }
    }

    /// Returns the allowlists, and the parts of them that have no effect.
    ///
    /// # Errors
    /// All errors in any of them.
    pub fn load(self) -> Result<(AllowlistSet<'v>, Vec<Diagnostic>), Vec<Diagnostic>> {
        let Listed { found, places, mut faults } = self;
        let load = AllowlistSet::load(&found);
        let place_of = |index: usize| places.get(index).map_or("", String::as_str);
        for (index, wrong) in load.invalid {
            faults.extend(wrong.into_iter().map(|fault| fault.below(place_of(index))));
        }
        for duplicate in &load.duplicates {
            let Some(manifest) = found.get(duplicate.manifest) else { continue };
            let message = format!("a second allowlist is named `{}`", manifest.name().unwrap_or_default());
            let fault = Diagnostic::new(format!("{}/metadata/name", manifest.pointer), message);
            faults.push(fault.below(place_of(duplicate.manifest)));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let warnings = load.warnings.into_iter().map(|(index, warning)| warning.below(place_of(index)));
        Ok((load.set, warnings.collect()))
    }
}
