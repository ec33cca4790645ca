//! `AppArmor` profiles: the field, and the annotation that came before it.

use std::collections::BTreeMap;

use super::container::ContainerContext;
use super::shape::APP_ARMOR;
use super::{AppArmor, Container};
use hallpass_document::{At, Fault, Faults, Value, push_key};

/// The Pod annotation that predates the `appArmorProfile` field; the container's name follows.
pub(crate) const APP_ARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

/// The longest profile that the API server takes: a path, without the byte that ends it.
const LONGEST_PROFILE: usize = 4095;

/// The `AppArmor` annotations of a Pod template.
pub(super) struct Annotations<'p, 'v> {
    /// JSON pointer to the template.
    template: &'p str,
    /// By the container that each is for: its value, and the profile that it sets, if any.
    entries: BTreeMap<&'v str, (&'v str, Option<AppArmor<'v>>)>,
}

impl<'p, 'v> Annotations<'p, 'v> {
    /// Reads those among `annotations`. What the API server refuses it refuses for any container, whatever its fields say.
    pub(super) fn read(template: &'p str, annotations: &[(&'v str, &'v str)], faults: &mut Faults) -> Self {
        let mut found = Annotations { template, entries: BTreeMap::new() };
        for (key, value) in annotations {
            let Some(container) = key.strip_prefix(APP_ARMOR_ANNOTATION) else { continue };
            let profile = match *value {
                "unconfined" => Some(AppArmor::Unconfined),
                "runtime/default" => Some(AppArmor::RuntimeDefault),
                "" => None,
                other => match other.strip_prefix("localhost/") {
                    Some(profile) => is_profile(profile).then_some(AppArmor::Localhost(profile)),
                    None => {
                        faults.error(
                            Fault::new(found.path(container), format!("`{other}` is no AppArmor profile"))
                                .help("write `runtime/default`, `unconfined` or `localhost/PROFILE`"),
                        );
                        continue;
                    }
                },
            };
            found.entries.insert(container, (value, profile));
        }
        found
    }

    fn path(&self, container: &str) -> String {
        let mut path = format!("{}/metadata/annotations", self.template);
        push_key(&mut path, &format!("{APP_ARMOR_ANNOTATION}{container}"));
        path
    }

    /// Warns about each annotation for a container that the Pod does not have.
    pub(super) fn check_containers(&self, containers: &[Container<'_>], faults: &mut Faults) {
        if self.entries.is_empty() {
            return;
        }
        let mut without: BTreeMap<&str, ()> = self.entries.keys().map(|name| (*name, ())).collect();
        for container in containers {
            without.remove(container.name);
        }
        for name in without.into_keys() {
            faults.warn(
                Fault::new(
                    self.path(name),
                    format!("the annotation is for a container `{name}`, which the Pod does not have: the API server refuses it"),
                )
                .in_key()
                .help("name a container of the Pod, or remove the annotation"),
            );
        }
    }
}

/// A profile that the API server skips sets nothing, and is no error.
fn is_profile(profile: &str) -> bool {
    !profile.is_empty() && profile.len() <= LONGEST_PROFILE && profile.trim() == profile
}

/// Rule W2(a): the annotation becomes the field when the field is unset, unless it says what the Pod's own
/// profile says already (Kubernetes 1.30, `applyAppArmorVersionSkew`). Where both stand they must agree.
pub(super) fn default_app_armor<'v>(
    container: &mut Container<'v>,
    context: &ContainerContext<'_, 'v>,
    at: &At<'_>,
    faults: &mut Faults,
) {
    let annotations = context.annotations;
    let Some((value, profile)) = annotations.entries.get(container.name).filter(|_| !context.windows) else {
        return;
    };
    let path = annotations.path(container.name);
    // The container's own profile, which the annotation can be, else the Pod's.
    let own = container.app_armor.or(*profile);
    if let Some(in_force) = own.or(context.pod_app_armor)
        && *profile != Some(in_force)
    {
        let field = "securityContext/appArmorProfile";
        let holder = if own.is_some() { at.pointer() } else { context.spec.to_owned() };
        faults.error(
            Fault::new(
                path,
                format!("the annotation is `{value}`, and `{holder}/{field}` is `{in_force}`: the API server refuses both together"),
            )
            .help("remove the annotation, or make the two say the same"),
        );
        return;
    }
    if container.app_armor.is_none() && profile.is_some() && *profile != context.pod_app_armor {
        container.app_armor = *profile;
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
