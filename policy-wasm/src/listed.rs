//! Allowlists that stand in a list of documents, as hosts hand them over: all of them count, or none.

use crate::allowlist::AllowlistSet;
use crate::fault::Fault;
use crate::manifest::{Manifest, Role, manifests};
use crate::value::Value;

/// Documents with allowlists, each with the place of its document. A fault's path begins there.
#[derive(Default)]
pub(crate) struct Listed<'v> {
    found: Vec<Manifest<'v>>,
    places: Vec<String>,
    faults: Vec<Fault>,
}

impl<'v> Listed<'v> {
    /// A `WorkloadAllowlist`, or a list of them.
    pub(crate) fn add(&mut self, place: String, document: &'v Value<'v>) {
        let (objects, wrong) = manifests(document);
        self.faults.extend(wrong.into_iter().map(|fault| below(&place, fault)));
        for object in objects {
            match object.role() {
                Ok(Role::Allowlist) => {
                    self.found.push(object);
                    self.places.push(place.clone());
                }
                Ok(_) => {
                    let message = format!("a {} is no WorkloadAllowlist", object.kind);
                    self.faults.push(below(&place, Fault::new(object.pointer, message)));
                }
                Err(fault) => self.faults.push(below(&place, fault)),
            }
        }
    }

    /// The allowlists, and the parts of them that have no effect.
    ///
    /// # Errors
    /// Everything wrong with any of them.
    pub(crate) fn load(self) -> Result<(AllowlistSet<'v>, Vec<Fault>), Vec<Fault>> {
        let Listed { found, places, mut faults } = self;
        let load = AllowlistSet::load(&found);
        let place_of = |index: usize| places.get(index).map_or("", String::as_str);
        for (index, wrong) in load.invalid {
            faults.extend(wrong.into_iter().map(|fault| below(place_of(index), fault)));
        }
        for doubled in &load.doubled {
            let Some(manifest) = found.get(doubled.manifest) else { continue };
            let message = format!("a second allowlist is named `{}`", manifest.name().unwrap_or_default());
            let fault = Fault::new(format!("{}/metadata/name", manifest.pointer), message);
            faults.push(below(place_of(doubled.manifest), fault));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let warnings = load.warnings.into_iter().map(|(index, warning)| below(place_of(index), warning));
        Ok((load.set, warnings.collect()))
    }
}

/// The fault with a path that begins at `place`.
pub(crate) fn below(place: &str, mut fault: Fault) -> Fault {
    fault.path.insert_str(0, place);
    fault
}
