//! Determines which values of a document a rule reads: duplicate keys elsewhere change no verdict.

use std::borrow::Cow;

use crate::manifest::{Manifest, REVIEW, Role, manifests};
use crate::place::reads;
use hallpass_document::{Value, unescape};

/// The values of a document that a rule reads.
pub struct ReadPlaces<'v>(Vec<Manifest<'v>>);

/// Fields that identify or wrap objects.
const WRAPPING: [&str; 7] = ["apiVersion", "kind", "items", "request", "response", "object", "operation"];

impl<'v> ReadPlaces<'v> {
    /// Returns the values that rules read in the document with this root.
    #[must_use]
    pub fn of(root: &'v Value<'v>) -> Self {
        ReadPlaces(manifests(root).0)
    }

    /// Whether a rule reads the value at a JSON pointer, or something below it. If in doubt, returns true.
    #[must_use]
    pub fn contain(&self, pointer: &str) -> bool {
        let inside = |manifest| Some((manifest, steps_below(manifest, pointer)?));
        let innermost = self.0.iter().filter_map(inside).max_by_key(|(manifest, _)| manifest.pointer.len());
        let Some((manifest, steps)) = innermost else { return true };
        if manifest.kind == REVIEW || steps.first().is_some_and(|step| WRAPPING.contains(&&**step)) {
            return true;
        }
        match manifest.role() {
            Ok(Role::Workload(kind)) => reads(kind, steps.iter().map(|step| &**step)),
            Ok(Role::Other) => false,
            Ok(Role::Allowlist) | Err(_) => true,
        }
    }
}

/// Returns the path from an object to a value inside it.
fn steps_below<'p>(manifest: &Manifest<'_>, pointer: &'p str) -> Option<Vec<Cow<'p, str>>> {
    let below = pointer.strip_prefix(manifest.pointer.as_str())?.strip_prefix('/')?;
    Some(below.split('/').map(unescape).collect())
}
