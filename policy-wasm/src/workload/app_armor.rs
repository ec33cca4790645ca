//! `AppArmor` profiles: the field, and the annotation that came before it.

use super::container::ContainerContext;
use super::shape::APP_ARMOR;
use super::{AppArmor, Container};
use crate::fault::{Fault, Faults};
use crate::pointer::{At, push_key};
use crate::value::Value;

/// The Pod annotation that predates the `appArmorProfile` field; the container's name follows.
pub(crate) const APP_ARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

/// Rule W2(a): the annotation becomes the field when the field is unset, unless it says what the Pod's own
/// profile says already (Kubernetes 1.30, `applyAppArmorVersionSkew`).
pub(super) fn default_app_armor<'v>(
    container: &mut Container<'v>,
    context: &ContainerContext<'_, 'v>,
    faults: &mut Faults,
) {
    let named = |key: &str| key.strip_prefix(APP_ARMOR_ANNOTATION) == Some(container.name);
    let Some((key, value)) = context.annotations.entries.iter().find(|(key, _)| named(key)) else { return };
    let mut path = format!("{}/metadata/annotations", context.annotations.template);
    push_key(&mut path, key);
    let profile = match *value {
        "unconfined" => AppArmor::Unconfined,
        "runtime/default" => AppArmor::RuntimeDefault,
        other => match other.strip_prefix("localhost/").filter(|profile| !profile.is_empty()) {
            Some(profile) => AppArmor::Localhost(profile),
            None => {
                faults.error(
                    Fault::new(path, format!("`{other}` is no AppArmor profile"))
                        .help("write `runtime/default`, `unconfined` or `localhost/PROFILE`"),
                );
                return;
            }
        },
    };
    if Some(profile) != context.pod_app_armor {
        container.app_armor = Some(profile);
        container.app_armor_annotation = Some(path);
    }
}

impl<'v> AppArmor<'v> {
    pub(crate) fn read(value: &'v Value<'v>, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let mut kind = None;
        let mut profile = None;
        for (key, value) in faults.map(value, at) {
            let at = at.key(key);
            match &**key {
                "type" => kind = faults.string(value, &at),
                "localhostProfile" => profile = faults.string(value, &at).filter(|name| !name.is_empty()),
                _ => APP_ARMOR.unread(key, &at, faults),
            }
        }
        match (kind, profile) {
            (Some("Unconfined"), None) => Some(AppArmor::Unconfined),
            (Some("RuntimeDefault"), None) => Some(AppArmor::RuntimeDefault),
            (Some("Localhost"), Some(profile)) => Some(AppArmor::Localhost(profile)),
            (None, None) if value.is_null() => None,
            (Some("Localhost"), None) => {
                faults.error(
                    Fault::new(
                        at.key("localhostProfile").pointer(),
                        "`type: Localhost` needs a `localhostProfile`",
                    )
                    .help("name the profile that is loaded on the node"),
                );
                None
            }
            (Some("Unconfined" | "RuntimeDefault"), Some(_)) => {
                faults.error(
                    Fault::new(
                        at.key("localhostProfile").pointer(),
                        "`localhostProfile` goes with `type: Localhost` only",
                    )
                    .help("remove it, or change the type"),
                );
                None
            }
            (kind, _) => {
                let written = kind.unwrap_or_default();
                faults.error(
                    Fault::new(at.key("type").pointer(), format!("`{written}` is no AppArmor profile type"))
                        .help("write `RuntimeDefault`, `Localhost` or `Unconfined`"),
                );
                None
            }
        }
    }
}
