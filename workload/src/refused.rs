//! What the API server refuses in a Pod, but no rule covers (validation of Kubernetes 1.36). Reported as a warning,
//! before you apply the manifest, or as an error if a part of the Pod could not be evaluated.

mod modes;
mod mounts;
mod ports;

use super::{Container, HostNamespace};
use hallpass_document::{At, Diagnostic, Diagnostics};

pub(super) use modes::check_modes;
pub(super) use mounts::{check_mounts, check_volumes};
pub(super) use ports::{Port, check_host_ports, check_port};

/// Checks that a name is a DNS label. A missing name is reported elsewhere.
pub(super) fn check_name(what: &str, name: &str, at: &At<'_>, faults: &mut Diagnostics) {
    const LONGEST: usize = 63;
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_label =
        name.len() <= LONGEST && name.bytes().all(is_inner) && !name.starts_with('-') && !name.ends_with('-');
    if !name.is_empty() && !is_label {
        refuse(
            at.key("name").pointer(),
            format!("`{name}` is not a valid name for a {what}"),
            &format!(
                "write at most {LONGEST} lower-case letters, digits and `-`, with a letter or digit at both ends"
            ),
            faults,
        );
    }
}

/// Reports a container without an image. It is usually a patch, and the object that it patches is not evaluated.
pub(super) fn check_image(container: &Container<'_>, at: &At<'_>, faults: &mut Diagnostics) {
    if container.image.is_some() {
        return;
    }
    let (item, path) = (at.pointer(), at.key("image").pointer());
    // A wrong type has already been reported.
    if faults.errors.iter().any(|fault| fault.path == path || fault.path == item) {
        return;
    }
    faults.error(
        Diagnostic::new(path, format!("container `{}` has no image, so the API server refuses it", container.name)).help(
            "set an `image`; for a patch or a template, check the built manifests: `kubectl kustomize DIR | hallpass \
             check -`",
        ),
    );
}

/// `allowPrivilegeEscalation: false` in a container that already has the privileges.
pub(super) fn check_escalation(
    container: &Container<'_>,
    allow_escalation: Option<bool>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) {
    // The API server compares with this spelling, which no runtime needs.
    let adds_all = container.added_capabilities.contains(&"CAP_SYS_ADMIN");
    if allow_escalation != Some(false) || !(container.privileged || adds_all) {
        return;
    }
    let has = if container.privileged { "`privileged: true`" } else { "the capability `CAP_SYS_ADMIN`" };
    refuse(
        at.key("securityContext").key("allowPrivilegeEscalation").pointer(),
        format!("container `{}` has {has} with `allowPrivilegeEscalation: false`", container.name),
        "remove one of them",
        faults,
    );
}

/// A user namespace together with host namespaces.
pub(super) fn check_host_users(
    host_users: Option<bool>,
    namespaces: &[HostNamespace],
    spec: &At<'_>,
    faults: &mut Diagnostics,
) {
    if host_users != Some(false) {
        return;
    }
    for namespace in namespaces {
        let field = namespace.field();
        refuse(
            spec.key(field).pointer(),
            format!("`{field}: true` conflicts with `hostUsers: false`"),
            "remove one of them",
            faults,
        );
    }
}

fn refuse(path: String, what: String, help: &str, faults: &mut Diagnostics) {
    faults.warn(Diagnostic::new(path, format!("{what}: the API server refuses it")).help(help));
}
