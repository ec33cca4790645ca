//! `AppArmor` profiles: the field, and the annotation that preceded it.

use std::collections::BTreeSet;

use super::container::ContainerContext;
use super::shape::APP_ARMOR;
use super::{AppArmor, Container};
use hallpass_document::{At, Diagnostic, Diagnostics, Places, Value, push_key};

/// The Pod annotation that preceded the `appArmorProfile` field; the container's name follows.
pub const APP_ARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

/// The longest profile that the API server accepts: a path, without the terminating byte.
pub const LONGEST_APP_ARMOR_PROFILE: usize = 4095;

/// The `AppArmor` annotations of a Pod template.
pub(super) struct Annotations<'p, 'v> {
    /// JSON pointer to the template.
    template: &'p str,
    entries: Vec<Annotation<'v>>,
    places: Places<'v>,
}

/// The annotation for a container.
struct Annotation<'v> {
    container: &'v str,
    value: &'v str,
    /// The profile that it sets, if any.
    profile: Option<AppArmor<'v>>,
}

impl<'p, 'v> Annotations<'p, 'v> {
    /// Reads the annotations. The API server refuses invalid ones for any container, whatever its fields are.
    pub(super) fn read(
        template: &'p str,
        annotations: &[(&'v str, &'v str)],
        faults: &mut Diagnostics,
    ) -> Self {
        let mut found = Annotations { template, entries: Vec::new(), places: Places::default() };
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
                            Diagnostic::new(
                                found.path(container),
                                format!("`{other}` is not an AppArmor profile"),
                            )
                            .help("write `runtime/default`, `unconfined` or `localhost/PROFILE`"),
                        );
                        continue;
                    }
                },
            };
            found.entries.push(Annotation { container, value, profile });
        }
        found.places = Places::of(found.entries.iter().map(|annotation| (annotation.container, "")));
        found
    }

    fn of(&self, container: &str) -> Option<&Annotation<'v>> {
        let places = self.places.candidates((container, ""), self.entries.len());
        places
            .filter_map(|place| self.entries.get(place))
            .find(|annotation| annotation.container == container)
    }

    fn path(&self, container: &str) -> String {
        let mut path = format!("{}/metadata/annotations", self.template);
        push_key(&mut path, &format!("{APP_ARMOR_ANNOTATION}{container}"));
        path
    }

    /// Warns about annotations for containers that the Pod does not have.
    pub(super) fn check_containers(&self, containers: &[Container<'_>], faults: &mut Diagnostics) {
        if self.entries.is_empty() {
            return;
        }
        let mut known = BTreeSet::new();
        known.extend(containers.iter().map(|container| container.name));
        let mut strays = BTreeSet::new();
        strays.extend(
            self.entries.iter().map(|annotation| annotation.container).filter(|name| !known.contains(name)),
        );
        for name in strays {
            faults.warn(
                Diagnostic::new(
                    self.path(name),
                    format!(
                        "the annotation is for a container `{name}`, which the Pod does not have: the API \
                        server refuses it"
                    ),
                )
                .in_key()
                .help("use the name of a container of the Pod, or remove the annotation"),
            );
        }
    }
}

/// A profile that the API server ignores sets nothing, and is not an error.
fn is_profile(profile: &str) -> bool {
    !profile.is_empty() && profile.len() <= LONGEST_APP_ARMOR_PROFILE && profile.trim() == profile
}

/// Rule W2(a): the annotation sets the field if the field is unset, unless it equals the Pod's own profile (Kubernetes
/// 1.30, `applyAppArmorVersionSkew`). If both are set, they must agree.
pub(super) fn default_app_armor<'v>(
    container: &mut Container<'v>,
    context: &ContainerContext<'_, 'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) {
    let annotations = context.annotations;
    if context.windows {
        return;
    }
    let Some(Annotation { value, profile, .. }) = annotations.of(container.name) else { return };
    let path = annotations.path(container.name);
    // The container's own profile, which may come from the annotation, or else the Pod's.
    let own = container.app_armor.or(*profile);
    if let Some(in_force) = own.or(context.pod_app_armor)
        && *profile != Some(in_force)
    {
        let field = "securityContext/appArmorProfile";
        let holder = if own.is_some() { at.pointer() } else { context.spec.to_owned() };
        faults.error(
            Diagnostic::new(
                path,
                format!(
                    "the annotation is `{value}`, and `{holder}/{field}` is `{in_force}`: the API server \
                    refuses this combination"
                ),
            )
            .help("remove the annotation, or make them agree"),
        );
        return;
    }
    if container.app_armor.is_none() && profile.is_some() && *profile != context.pod_app_armor {
        container.app_armor = *profile;
        container.app_armor_annotation = Some(path);
    }
}

impl<'v> AppArmor<'v> {
    /// Reads an `appArmorProfile`.
    pub fn read(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Option<Self> {
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
                    Diagnostic::new(
                        at.key("localhostProfile").pointer(),
                        "`type: Localhost` needs a `localhostProfile`",
                    )
                    .help("set the name of a profile that is loaded on the node"),
                );
                None
            }
            (Some("Unconfined" | "RuntimeDefault"), Some(_)) => {
                faults.error(
                    Diagnostic::new(
                        at.key("localhostProfile").pointer(),
                        "`localhostProfile` is only valid with `type: Localhost`",
                    )
                    .help("remove it, or change the type"),
                );
                None
            }
            (kind, _) => {
                let written = kind.unwrap_or_default();
                faults.error(
                    Diagnostic::new(
                        at.key("type").pointer(),
                        format!("`{written}` is not an AppArmor profile type"),
                    )
                    .help("write `RuntimeDefault`, `Localhost` or `Unconfined`"),
                );
                None
            }
        }
    }
}
