//! The policy and its reader for JavaScript, in browsers and in Node.
//!
//! The input is files with names and contents; the output is the report of `hallpass check -o json`, byte for byte. The
//! functions here only convert; [`policy`] is the same without JavaScript.

mod input;
pub mod policy;
#[cfg(feature = "typescript")]
pub mod typescript;

use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// Loaded allowlists and options, with which manifests are evaluated.
///
/// Starts without allowlists.
#[wasm_bindgen]
#[derive(Default)]
pub struct Policy(policy::Policy);

#[wasm_bindgen]
impl Policy {
    /// Creates a policy without allowlists.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Loads allowlists and options, and replaces everything loaded before. An invalid allowlist does not count:
    /// `errors` and every later report name the error.
    ///
    /// # Errors
    /// Throws an error, and changes nothing, if an argument has the wrong type or `gkeVersion` is invalid.
    pub fn load(&mut self, allowlists: &JsValue, options: &JsValue) -> Result<JsValue, JsError> {
        let settings = input::settings(options)?;
        self.0 = policy::Policy::new(input::files(allowlists)?, settings);
        to_js(self.0.loaded())
    }

    /// Evaluates every workload in the files. A workload may run only if it is `admitted` or `exempted` and the report
    /// has no `errors`.
    ///
    /// # Errors
    /// Throws an error if the argument has the wrong type.
    pub fn check(&self, manifests: &JsValue) -> Result<JsValue, JsError> {
        to_js(&self.0.check(&input::files(manifests)?))
    }
}

/// Returns the version of hallpass.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Converts through JSON, which JavaScript parses fastest.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    let json = serde_json::to_string(value)?;
    js_sys::JSON::parse(&json)
        .map_err(|_| JsError::new("the report is not valid JSON: this is a bug in hallpass"))
}
