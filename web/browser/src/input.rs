//! Converts JavaScript objects to files and settings. Invalid input is rejected: a typo must not count as a missing
//! setting.

use hallpass_document::did_you_mean;
use hallpass_policy::Profile;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsError, JsValue};

use crate::policy::{Constraints, File, Settings};

const FILE: [&str; 2] = ["name", "content"];
const OPTIONS: [&str; 4] = ["profile", "gkeVersion", "strict", "allowEmpty"];

/// Converts a list of files.
pub(crate) fn files(value: &JsValue) -> Result<Vec<File>, JsError> {
    let Some(files) = value.dyn_ref::<Array>() else {
        return Err(JsError::new("files must be an array of `{name, content}`"));
    };
    files.iter().map(|value| file(&value)).collect()
}

/// Converts the settings; the defaults if none are given.
pub(crate) fn settings(value: &JsValue) -> Result<Settings, JsError> {
    let mut settings = Settings::default();
    if value.is_null() || value.is_undefined() {
        return Ok(settings);
    }
    known_fields(value, "options", &OPTIONS)?;
    if let Some(profile) = field(value, "profile")? {
        settings.constraints = constraints(&profile)?;
    }
    if let Some(version) = field(value, "gkeVersion")? {
        let version = version.as_string().ok_or_else(|| JsError::new("`gkeVersion` must be a string"))?;
        settings.gke_version = Some(version.parse().map_err(|error| JsError::new(&format!("{error}")))?);
    }
    for (name, flag) in [("strict", &mut settings.strict), ("allowEmpty", &mut settings.allow_empty)] {
        if let Some(value) = field(value, name)? {
            *flag =
                value.as_bool().ok_or_else(|| JsError::new(&format!("`{name}` must be true or false")))?;
        }
    }
    Ok(settings)
}

fn constraints(value: &JsValue) -> Result<Constraints, JsError> {
    let Some(name) = value.as_string() else { return file(value).map(Constraints::File) };
    match Profile::built_in(&name) {
        Some(profile) => Ok(Constraints::BuiltIn(Box::new(profile))),
        None => Err(JsError::new(&format!(
            "no profile is named `{name}`{}",
            did_you_mean(&name, Profile::names())
        ))),
    }
}

fn file(value: &JsValue) -> Result<File, JsError> {
    known_fields(value, "a file", &FILE)?;
    let name = field(value, "name")?.and_then(|name| name.as_string());
    let name = name.ok_or_else(|| JsError::new("a file must have a `name`, which is a string"))?;
    let content = field(value, "content")?.unwrap_or(JsValue::UNDEFINED);
    let bytes = match (content.as_string(), content.dyn_ref::<Uint8Array>()) {
        (Some(text), _) => text.into_bytes(),
        (None, Some(bytes)) => bytes.to_vec(),
        (None, None) => {
            return Err(JsError::new(&format!("the content of `{name}` must be a string or a Uint8Array")));
        }
    };
    Ok(File { name, bytes })
}

fn known_fields(value: &JsValue, what: &str, known: &[&'static str]) -> Result<(), JsError> {
    let Some(object) = value.dyn_ref::<Object>() else {
        return Err(JsError::new(&format!("{what} must be an object")));
    };
    for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
        if !known.contains(&key.as_str()) {
            let meant = did_you_mean(&key, known.iter().copied());
            return Err(JsError::new(&format!("{what} has no field `{key}`{meant}")));
        }
    }
    Ok(())
}

/// Returns a field that is neither `null` nor `undefined`.
fn field(value: &JsValue, name: &str) -> Result<Option<JsValue>, JsError> {
    let found = Reflect::get(value, &JsValue::from_str(name))
        .map_err(|_| JsError::new(&format!("`{name}` cannot be read")))?;
    Ok((!found.is_null() && !found.is_undefined()).then_some(found))
}
