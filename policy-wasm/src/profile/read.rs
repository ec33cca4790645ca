//! Converts a document to a [`Profile`]. Every fault names its location.

use super::names::{Star, read_names};
use super::{FromVersion, Profile};
use crate::constraint::Constraint;
use hallpass_document::{At, Diagnostic, Diagnostics, Value};

const API_VERSION: &str = "hallpass.dev/v1alpha1";
const KIND: &str = "ConstraintProfile";

/// The keys of settings; [`setting`] maps them to constraints.
const KEYS: [&str; 10] = [
    "pathPrefixes",
    "reserved",
    "allowed",
    "partial",
    "assumed",
    "refused",
    "builtIn",
    "classes",
    "allowedFrom",
    "namespaces",
];

/// The type of a setting.
enum Setting<'p> {
    Names(&'p mut Vec<String>, Star),
    Ports(&'p mut Vec<i32>),
    Flag(&'p mut bool),
    ByVersion(&'p mut Vec<FromVersion>),
}

fn setting<'p>(profile: &'p mut Profile, constraint: Constraint, key: &str) -> Option<Setting<'p>> {
    let (keys, class) = (&mut profile.node_keys, &mut profile.custom_class);
    Some(match (constraint, key) {
        (Constraint::NoWriteModeHostPath, "pathPrefixes") => {
            Setting::Names(&mut profile.path_prefixes, Star::Needless)
        }
        (Constraint::NoHostPort, "reserved") => Setting::Ports(&mut profile.reserved_ports),
        (Constraint::DefaultLinuxCapabilities, "allowed") => {
            Setting::Names(&mut profile.capabilities, Star::None)
        }
        (Constraint::NodeAffinitySelectorLimitation, "allowed") => {
            Setting::Names(&mut keys.allowed, Star::Prefix)
        }
        (Constraint::NodeAffinitySelectorLimitation, "partial") => Setting::Flag(&mut keys.partial),
        (Constraint::NodeAffinitySelectorLimitation, "assumed") => {
            Setting::Names(&mut keys.assumed, Star::Prefix)
        }
        (Constraint::NodeAffinitySelectorLimitation, "refused") => {
            Setting::Names(&mut keys.refused, Star::Prefix)
        }
        (Constraint::CustomClassNodeKeys, "builtIn") => Setting::Names(&mut class.built_in, Star::None),
        (Constraint::CustomClassNodeKeys, "allowed") => Setting::Names(&mut class.allowed, Star::Prefix),
        (Constraint::CustomClassNodeKeys, "refused") => Setting::Names(&mut class.refused, Star::Prefix),
        (Constraint::MachineFamilySelection, "classes") => {
            Setting::Names(&mut profile.machine_family_classes, Star::None)
        }
        (Constraint::VolumeType, "allowed") => Setting::Names(&mut profile.volume_types, Star::None),
        (Constraint::VolumeType, "assumed") => Setting::Names(&mut profile.assumed_volume_types, Star::None),
        (Constraint::UnsafeSysctl, "allowed") => Setting::Names(&mut profile.sysctls, Star::None),
        (Constraint::UnsafeSysctl, "allowedFrom") => Setting::ByVersion(&mut profile.later_sysctls),
        (Constraint::ManagedNamespaces, "namespaces") => {
            Setting::Names(&mut profile.namespaces, Star::Prefix)
        }
        (Constraint::ManagedNamespaces, "assumed") => {
            Setting::Names(&mut profile.assumed_namespaces, Star::Prefix)
        }
        _ => return None,
    })
}

impl Setting<'_> {
    fn read(self, value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) {
        match self {
            Setting::Names(names, star) => *names = read_names(value, star, at, faults),
            Setting::Ports(ports) => *ports = read_ports(value, at, faults),
            Setting::Flag(flag) => *flag = faults.boolean(value, at) == Some(true),
            Setting::ByVersion(names) => *names = read_versions(value, at, faults),
        }
    }
}

fn read_ports(value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<i32> {
    let mut ports = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        if item.is_null() {
            // In a list, null is not the same as absent.
            faults.error(Diagnostic::mistyped(at.pointer(), &at.called(), item, "a whole number"));
        }
        ports.extend(faults.int32(item, &at));
    }
    ports
}

/// Reads a map from versions to names.
fn read_versions(value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<FromVersion> {
    let mut all = Vec::new();
    for (written, names) in faults.map(value, at) {
        let at = at.key(written);
        let names = read_names(names, Star::None, &at, faults);
        match written.parse() {
            Ok(version) => all.extend(names.into_iter().map(|name| FromVersion {
                name,
                version,
                written: written.to_string(),
            })),
            Err(error) => faults.error(Diagnostic::new(at.pointer(), format!("{error}")).in_key()),
        }
    }
    all
}

pub(super) fn read(value: &Value<'_>, faults: &mut Diagnostics) -> Profile {
    let mut profile = Profile::default();
    let root = At::pointer_to("");
    let (mut api_version, mut kind) = (None, None);
    for (key, value) in faults.map(value, &root) {
        let at = root.key(key);
        match &**key {
            "apiVersion" => api_version = faults.string(value, &at),
            "kind" => kind = faults.string(value, &at),
            "metadata" => {
                for (key, value) in faults.map(value, &at) {
                    if key == "name" {
                        faults.string(value, &at.key(key)).unwrap_or_default().clone_into(&mut profile.name);
                    }
                }
            }
            "constraints" => read_constraints(&mut profile, value, &at, faults),
            "notEvaluated" => {
                profile.not_evaluated = faults.strings(value, &at).into_iter().map(str::to_owned).collect();
            }
            _ => unknown_field(
                key,
                &["apiVersion", "kind", "metadata", "constraints", "notEvaluated"],
                &at,
                faults,
            ),
        }
    }
    for (field, found, wanted) in [("apiVersion", api_version, API_VERSION), ("kind", kind, KIND)] {
        if found != Some(wanted) {
            faults.error(
                Diagnostic::new(
                    root.key(field).pointer(),
                    format!("this is not a constraint profile: `{field}` is not `{wanted}`"),
                )
                .help(format!("write `{field}: {wanted}`")),
            );
        }
    }
    // Any other fault already says what to fix first.
    if faults.errors.is_empty() && value.get("constraints").is_none() {
        faults.error(
            Diagnostic::new(
                root.key("constraints").pointer(),
                "the profile has no `constraints`: it would admit everything",
            )
            .help("list the constraints to enforce; `constraints: {}` disables all of them"),
        );
    }
    profile
}

fn read_constraints(profile: &mut Profile, value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) {
    for (id, settings) in faults.map(value, at) {
        let at = at.key(id);
        let Some(constraint) = Constraint::with_id(id).filter(|constraint| constraint.is_evaluated()) else {
            let known = Constraint::ALL.iter().filter(|c| c.is_evaluated()).map(|c| c.id());
            let mut fault = Diagnostic::new(at.pointer(), format!("no constraint is named `{id}`")).in_key();
            fault = fault.suggest(
                id,
                known.clone(),
                format!("the constraints are {}", known.collect::<Vec<_>>().join(", ")),
            );
            faults.error(fault);
            continue;
        };
        profile.enabled |= constraint.bit();
        for (key, value) in faults.map(settings, &at) {
            let at = at.key(key);
            match setting(profile, constraint, key) {
                Some(setting) => setting.read(value, &at, faults),
                None => {
                    let is_known = |key: &&str| setting(profile, constraint, key).is_some();
                    let known: Vec<&str> = KEYS.into_iter().filter(is_known).collect();
                    unknown_field(key, &known, &at, faults);
                }
            }
        }
    }
}

fn unknown_field(key: &str, known: &[&'static str], at: &At<'_>, faults: &mut Diagnostics) {
    let fault = Diagnostic::new(at.pointer(), format!("a profile has no field `{key}` here")).in_key();
    faults.error(fault.suggest(
        key,
        known.iter().copied(),
        if known.is_empty() {
            "remove it: this constraint has no settings".to_owned()
        } else {
            format!("known here: {}", known.join(", "))
        },
    ));
}
