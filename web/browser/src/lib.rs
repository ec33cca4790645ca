//! The policy and its reader for JavaScript, in browsers and in Node.
//!
//! The input is files with names and contents; the output is that of the command line, byte for byte. The functions here
//! only convert; [`policy`] and [`author`] are the same without JavaScript.

pub mod author;
mod input;
mod options;
mod partners;
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
        let settings = options::load(options)?;
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

/// Generates the allowlists that exempt every workload in the files, as `hallpass generate` does.
///
/// # Errors
/// Throws an error if an argument has the wrong type, or an option is invalid.
#[wasm_bindgen]
pub fn generate(manifests: &JsValue, options: &JsValue) -> Result<JsValue, JsError> {
    let options = options::generate(options)?;
    to_js(&author::generate(input::files(manifests)?, &options))
}

/// Compares two versions of allowlists by meaning. The result is that of `hallpass diff -o json`.
///
/// # Errors
/// Throws an error if an argument has the wrong type, or an option is invalid.
#[wasm_bindgen]
pub fn diff(old: &JsValue, new: &JsValue, options: &JsValue) -> Result<JsValue, JsError> {
    let allowed = options::diff(options)?;
    to_js(&author::diff(&input::files(old)?, &input::files(new)?, &allowed))
}

/// Finds faults in allowlists and synchronizers. The result is that of `hallpass lint -o json`.
///
/// # Errors
/// Throws an error if the argument has the wrong type.
#[wasm_bindgen]
pub fn lint(files: &JsValue) -> Result<JsValue, JsError> {
    to_js(&author::lint(&input::files(files)?))
}

/// Fixes a finding of `lint`, by its index in `findings`, and returns the file with the change.
///
/// # Errors
/// Throws an error if an argument has the wrong type, the finding has no fix, or the file is written in a way that cannot be
/// changed safely.
#[wasm_bindgen]
pub fn fix(files: &JsValue, index: &JsValue) -> Result<JsValue, JsError> {
    let files = input::files(files)?;
    let fixed = author::fix(&files, input::index(index)?).map_err(|reason| JsError::new(&reason))?;
    to_js(&Fixed { name: &fixed.name, content: &String::from_utf8_lossy(&fixed.bytes) })
}

/// A file for JavaScript.
#[derive(Serialize)]
struct Fixed<'f> {
    name: &'f str,
    content: &'f str,
}

/// Returns every rule of `lint`.
///
/// # Errors
/// Throws an error because of a bug in hallpass.
#[wasm_bindgen(js_name = lintRules)]
pub fn lint_rules() -> Result<JsValue, JsError> {
    to_js(&author::lint_rules())
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
