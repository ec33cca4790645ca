//! The policy and its reader for JavaScript, in browsers and in Node.
//!
//! What goes in are files by name and content, what comes out is the report of `hallpass check -o json`, to the byte. The
//! entry points only translate; [`policy`] is the same without JavaScript.

mod input;
pub mod policy;
#[cfg(feature = "typescript")]
pub mod typescript;

use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// Allowlists and options in force, and manifests judged by them.
///
/// It starts with no allowlist installed.
#[wasm_bindgen]
#[derive(Default)]
pub struct Policy(policy::Policy);

#[wasm_bindgen]
impl Policy {
    /// A policy with no allowlist installed.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts allowlists and options in force, in place of all that were. An allowlist at fault does not count: `errors` says
    /// where it is wrong, and so does every report from now on.
    ///
    /// # Errors
    /// Throws, and changes nothing, when the arguments are not of their types or `gkeVersion` is no version.
    #[wasm_bindgen(unchecked_return_type = "Loaded")]
    pub fn load(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "File[]")] allowlists: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
    ) -> Result<JsValue, JsError> {
        let settings = input::settings(options)?;
        self.0 = policy::Policy::new(input::files(allowlists)?, settings);
        to_js(self.0.loaded())
    }

    /// Judges every workload in the files. A workload may run only if it is `admitted` or `exempted` and the report has no
    /// `errors`.
    ///
    /// # Errors
    /// Throws when the argument is not of its type.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn check(
        &self,
        #[wasm_bindgen(unchecked_param_type = "File[]")] manifests: &JsValue,
    ) -> Result<JsValue, JsError> {
        to_js(&self.0.check(&input::files(manifests)?))
    }
}

/// The version of hallpass.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// By way of JSON, as JavaScript parses nothing faster.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    let json = serde_json::to_string(value)?;
    js_sys::JSON::parse(&json).map_err(|_| JsError::new("the report is no JSON: this is a fault of hallpass"))
}
