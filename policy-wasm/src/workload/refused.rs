//! What the API server refuses in a Pod and no rule asks about (validation of Kubernetes 1.36): rather told now than at
//! apply. A warning, unless a part of the Pod would go unjudged.

mod modes;
mod mounts;
mod ports;

use super::{Container, HostNamespace};
use hallpass_document::{At, Fault, Faults};

pub(super) use modes::check_modes;
pub(super) use mounts::{check_mounts, check_volumes};
pub(super) use ports::{Port, check_host_ports, check_port};

/// A name that must be a DNS label; one that is missing is told elsewhere.
pub(super) fn check_name(what: &str, name: &str, at: &At<'_>, faults: &mut Faults) {
    const LONGEST: usize = 63;
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_label =
        name.len() <= LONGEST && name.bytes().all(is_inner) && !name.starts_with('-') && !name.ends_with('-');
    if !name.is_empty() && !is_label {
        refuse(
            at.key("name").pointer(),
            format!("`{name}` is no name for a {what}"),
            &format!(
                "write at most {LONGEST} lower-case letters, digits and `-`, with a letter or digit at both ends"
            ),
            faults,
        );
    }
}

/// A container without an image. A patch of an overlay is the usual one: what it is laid over goes unjudged.
pub(super) fn check_image(container: &Container<'_>, at: &At<'_>, faults: &mut Faults) {
    if container.image.is_some() {
        return;
    }
    let (item, path) = (at.pointer(), at.key("image").pointer());
    // What is no map, or has an image of the wrong type, has been told already.
    if faults.errors.iter().any(|fault| fault.path == path || fault.path == item) {
        return;
    }
    faults.error(
        Fault::new(path, format!("container `{}` has no image, so the API server refuses it", container.name)).help(
            "give it an `image`; of a patch or template, judge what is built from it: `kubectl kustomize DIR | hallpass \
             check -`",
        ),
    );
}

/// `allowPrivilegeEscalation: false` where the container has the privileges already.
pub(super) fn check_escalation(
    container: &Container<'_>,
    allow_escalation: Option<bool>,
    at: &At<'_>,
    faults: &mut Faults,
) {
    // The server compares with this spelling, which no runtime needs.
    let adds_all = container.added_capabilities.contains(&"CAP_SYS_ADMIN");
    if allow_escalation != Some(false) || !(container.privileged || adds_all) {
        return;
    }
    let has = if container.privileged { "`privileged: true`" } else { "the capability `CAP_SYS_ADMIN`" };
    refuse(
        at.key("securityContext").key("allowPrivilegeEscalation").pointer(),
        format!("container `{}` has {has} with `allowPrivilegeEscalation: false`", container.name),
        "remove one of the two",
        faults,
    );
}

/// A user namespace of the Pod's own, with other namespaces of the node.
pub(super) fn check_host_users(
    host_users: Option<bool>,
    namespaces: &[HostNamespace],
    spec: &At<'_>,
    faults: &mut Faults,
) {
    if host_users != Some(false) {
        return;
    }
    for namespace in namespaces {
        let field = namespace.field();
        refuse(
            spec.key(field).pointer(),
            format!("`{field}: true` stands beside `hostUsers: false`"),
            "remove one of the two",
            faults,
        );
    }
}

fn refuse(path: String, what: String, help: &str, faults: &mut Faults) {
    faults.warn(Fault::new(path, format!("{what}: the API server refuses it")).help(help));
}
