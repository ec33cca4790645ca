//! Converts JavaScript objects to files and values. Invalid input is rejected: a typo must not count as a missing setting.

use hallpass_document::did_you_mean;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsError, JsValue};

use crate::policy::File;

const FILE: [&str; 2] = ["name", "content"];

/// Converts a list of files.
pub(crate) fn files(value: &JsValue) -> Result<Vec<File>, JsError> {
    let Some(files) = value.dyn_ref::<Array>() else {
        return Err(JsError::new("files must be an array of `{name, content}`"));
    };
    files.iter().map(|value| file(&value)).collect()
}

/// Converts a file.
pub(crate) fn file(value: &JsValue) -> Result<File, JsError> {
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

/// Rejects fields with other names than the `known` ones.
pub(crate) fn known_fields(value: &JsValue, what: &str, known: &[&'static str]) -> Result<(), JsError> {
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

/// Returns a field that is a string.
pub(crate) fn text(value: &JsValue, name: &str) -> Result<Option<String>, JsError> {
    let Some(found) = field(value, name)? else { return Ok(None) };
    found.as_string().map(Some).ok_or_else(|| JsError::new(&format!("`{name}` must be a string")))
}

/// Returns a field that is true or false; false if it is missing.
pub(crate) fn flag(value: &JsValue, name: &str) -> Result<bool, JsError> {
    let Some(found) = field(value, name)? else { return Ok(false) };
    found.as_bool().ok_or_else(|| JsError::new(&format!("`{name}` must be true or false")))
}

/// Returns a field that is a list of names, each as the value with this name.
pub(crate) fn choices<T: Copy>(
    value: &JsValue,
    name: &str,
    known: &[(&'static str, T)],
) -> Result<Vec<T>, JsError> {
    let Some(found) = field(value, name)? else { return Ok(Vec::new()) };
    let Some(items) = found.dyn_ref::<Array>() else {
        return Err(JsError::new(&format!("`{name}` must be an array of strings")));
    };
    let choice = |item: JsValue| {
        let text =
            item.as_string().ok_or_else(|| JsError::new(&format!("`{name}` must be an array of strings")))?;
        let chosen = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        chosen.ok_or_else(|| {
            let meant = did_you_mean(&text, known.iter().map(|(name, _)| *name));
            JsError::new(&format!("`{name}` cannot contain `{text}`{meant}"))
        })
    };
    items.iter().map(choice).collect()
}

/// Converts an index.
pub(crate) fn index(value: &JsValue) -> Result<usize, JsError> {
    let index =
        value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number));
    // Checked above.
    index.map(|index| index as usize).ok_or_else(|| JsError::new("the index must be an integer from 0"))
}

/// Returns a field that is neither `null` nor `undefined`.
pub(crate) fn field(value: &JsValue, name: &str) -> Result<Option<JsValue>, JsError> {
    let found = Reflect::get(value, &JsValue::from_str(name))
        .map_err(|_| JsError::new(&format!("`{name}` cannot be read")))?;
    Ok((!found.is_null() && !found.is_undefined()).then_some(found))
}
