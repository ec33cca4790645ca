//! Converts JSON to [`Settings`]. Every fault names its field.

use hallpass_document::{At, Diagnostic, Diagnostics, Value};
use hallpass_policy::{Listed, Profile};

use super::synchronizers::read_synchronizers;
use super::{Principals, Settings};

/// The fields of the settings.
pub(in super::super) const FIELDS: [&str; 9] = [
    "allowlists",
    "allowlistsFrom",
    "gkeVersion",
    "mode",
    "noConnect",
    "profile",
    "strict",
    "synchronizers",
    "workloadAllowlists",
];

impl Settings {
    /// Reads all settings except `allowlists`, which [`check_allowlists`] reads. An absent field has its default.
    pub(in super::super) fn read(value: &Value<'_>, faults: &mut Diagnostics) -> Self {
        let mut settings = Settings {
            profile: Profile::default(),
            target: None,
            strict: false,
            from_cluster: false,
            synchronizers: None,
            writers: None,
            warn: false,
            no_connect: false,
        };
        let mut profile = None;
        let root = At::pointer_to("");
        for (key, value) in faults.map(value, &root) {
            let at = root.key(key);
            match &**key {
                "allowlists" => {}
                "allowlistsFrom" => {
                    settings.from_cluster =
                        choice(value, &["settings", "cluster"], &at, faults) == Some("cluster");
                }
                "gkeVersion" => {
                    if let Some(version) = faults.string(value, &at) {
                        match version.parse() {
                            Ok(version) => settings.target = Some(version),
                            Err(error) => faults.error(Diagnostic::new(at.pointer(), format!("{error}"))),
                        }
                    }
                }
                "mode" => settings.warn = choice(value, &["enforce", "warn"], &at, faults) == Some("warn"),
                "noConnect" => settings.no_connect = faults.boolean(value, &at) == Some(true),
                "profile" => profile = read_profile(value, faults),
                "strict" => settings.strict = faults.boolean(value, &at) == Some(true),
                "synchronizers" => settings.synchronizers = read_synchronizers(value, &at, faults),
                "workloadAllowlists" => settings.writers = read_writers(value, &at, faults),
                _ => unknown("the settings have", key, &FIELDS, &at, faults),
            }
        }
        settings.profile = profile.unwrap_or_else(Profile::autopilot);
        settings
    }
}

/// Checks the inline allowlists, each in full.
pub(in super::super) fn check_allowlists(settings: &Value<'_>, faults: &mut Diagnostics) {
    let Some(value) = settings.get("allowlists") else { return };
    let mut listed = Listed::default();
    for (index, document) in faults.list(value, &At::pointer_to("/allowlists")).iter().enumerate() {
        // Null is useless here, and would be treated as an empty object.
        if document.is_null() {
            faults.error(
                Diagnostic::new(format!("/allowlists/{index}"), "an allowlist must be a map, not null")
                    .help("remove the empty item"),
            );
        }
        listed.add(format!("/allowlists/{index}"), document);
    }
    if let Err(wrong) = listed.load() {
        wrong.into_iter().for_each(|fault| faults.error(fault));
    }
}

pub(super) fn choice<'v>(
    value: &'v Value<'_>,
    known: &[&'static str],
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Option<&'v str> {
    let text = faults.string(value, at)?;
    if !known.contains(&text) {
        let fault = Diagnostic::new(at.pointer(), format!("{} cannot be `{text}`", at.called()));
        faults.error(fault.suggest(
            text,
            known.iter().copied(),
            format!("write one of `{}`", known.join("`, `")),
        ));
    }
    Some(text)
}

pub(super) fn unknown(
    holder: &str,
    key: &str,
    known: &[&'static str],
    at: &At<'_>,
    faults: &mut Diagnostics,
) {
    let fault = Diagnostic::new(at.pointer(), format!("{holder} no field `{key}`")).in_key();
    faults.error(fault.suggest(key, known.iter().copied(), format!("known here: {}", known.join(", "))));
}

fn read_profile(value: &Value<'_>, faults: &mut Diagnostics) -> Option<Profile> {
    if value.is_null() {
        return None;
    }
    let read = Profile::read(value);
    read.map_err(|wrong| wrong.into_iter().for_each(|fault| faults.error(fault.below("/profile")))).ok()
}

fn read_writers(value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> Option<Principals> {
    let mut writers = None;
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        match &**key {
            "writers" if !value.is_null() => writers = Some(read_principals(value, &at, faults)),
            "writers" => {}
            _ => unknown("`workloadAllowlists` has", key, &["writers"], &at, faults),
        }
    }
    writers
}

pub(super) fn read_principals(value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> Principals {
    let mut principals = Principals::default();
    let holder = format!("{} has", at.called());
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        let names = match &**key {
            "users" => &mut principals.users,
            "groups" => &mut principals.groups,
            _ => {
                unknown(&holder, key, &["groups", "users"], &at, faults);
                continue;
            }
        };
        names.extend(faults.strings(value, &at).into_iter().map(str::to_owned));
        if names.iter().any(String::is_empty) {
            faults.error(Diagnostic::new(at.pointer(), "a name must not be empty").help("remove it"));
        }
    }
    principals
}
