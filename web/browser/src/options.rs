//! Converts the options of each function; the defaults if none are given.

use hallpass_author::difference::Class;
use hallpass_document::did_you_mean;
use hallpass_policy::{GkeVersion, Profile};
use hallpass_report::generate::object_name;
use wasm_bindgen::{JsError, JsValue};

use crate::author::Generate;
use crate::input::{choices, field, file, flag, known_fields, text};
use crate::policy::{Constraints, Settings};

/// Converts the options of `Policy.load`.
pub(crate) fn load(options: &JsValue) -> Result<Settings, JsError> {
    let mut settings = Settings::default();
    if !given(options, &["profile", "gkeVersion", "strict", "allowEmpty"])? {
        return Ok(settings);
    }
    settings.constraints = constraints(options)?;
    settings.gke_version = version(options, "gkeVersion")?;
    settings.strict = flag(options, "strict")?;
    settings.allow_empty = flag(options, "allowEmpty")?;
    Ok(settings)
}

/// Converts the options of `generate`.
pub(crate) fn generate(options: &JsValue) -> Result<Generate, JsError> {
    let mut generate = Generate::default();
    if !given(options, &["name", "minGkeVersion", "merge", "patterns", "profile"])? {
        return Ok(generate);
    }
    generate.constraints = constraints(options)?;
    let settings = &mut generate.settings;
    if let Some(name) = text(options, "name")? {
        let name = object_name(&name)
            .map_err(|reason| JsError::new(&format!("`{name}` is not a valid name: {reason}")))?;
        settings.name = Some(name);
    }
    settings.min_gke_version = version(options, "minGkeVersion")?;
    settings.merge = flag(options, "merge")?;
    let patterns = choices(options, "patterns", &["image", "args", "env"].map(|field| (field, field)))?;
    settings.patterns.image = patterns.contains(&"image");
    settings.patterns.args = patterns.contains(&"args");
    settings.patterns.env = patterns.contains(&"env");
    Ok(generate)
}

/// Converts the options of `diff`: the classes that it allows.
pub(crate) fn diff(options: &JsValue) -> Result<Vec<Class>, JsError> {
    match given(options, &["allow"])? {
        true => choices(options, "allow", &Class::ALL.map(|class| (class.name(), class))),
        false => Ok(Vec::new()),
    }
}

/// Whether there are options.
fn given(options: &JsValue, known: &[&'static str]) -> Result<bool, JsError> {
    if options.is_null() || options.is_undefined() {
        return Ok(false);
    }
    known_fields(options, "options", known)?;
    Ok(true)
}

fn version(options: &JsValue, name: &str) -> Result<Option<GkeVersion>, JsError> {
    let Some(version) = text(options, name)? else { return Ok(None) };
    version.parse().map(Some).map_err(|error| JsError::new(&format!("{error}")))
}

fn constraints(options: &JsValue) -> Result<Constraints, JsError> {
    let Some(profile) = field(options, "profile")? else { return Ok(Constraints::default()) };
    let Some(name) = profile.as_string() else { return file(&profile).map(Constraints::File) };
    match Profile::built_in(&name) {
        Some(profile) => Ok(Constraints::BuiltIn(Box::new(profile))),
        None => Err(JsError::new(&format!(
            "no profile is named `{name}`{}",
            did_you_mean(&name, Profile::names())
        ))),
    }
}
