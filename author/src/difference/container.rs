//! Entries for containers.

use hallpass_document::sha256_to_hex;
use hallpass_policy::{AllowedContainer, AllowedImage, AllowedMount};
use hallpass_re2::Work;
use hallpass_workload::{EnvSource, ImageReference};

use super::strings::{Wider, wider, wider_names};
use super::{Class, Grant, app_armor};

/// Returns the things that containers may do under an entry and under none of its namesakes in the other version. A container
/// must match one entry as a whole, so entries are compared one by one, and the nearest one counts.
pub(super) fn compare<'n>(
    entry: &AllowedContainer<'_>,
    namesakes: impl Iterator<Item = &'n AllowedContainer<'n>>,
    work: &mut Work,
) -> Vec<Grant> {
    namesakes.map(|other| beyond(entry, other, work)).min_by_key(Vec::len).unwrap_or_else(|| new(entry))
}

/// Returns the grants of an entry for a container that the other version lacks.
fn new(entry: &AllowedContainer<'_>) -> Vec<Grant> {
    let image = entry.image.as_ref().map(|image| format!(" that runs `{}`", image.text)).unwrap_or_default();
    let may = format!("have {} `{}`{image}", container(entry), entry.name);
    let mut grants = vec![Grant::new(Class::Container, may, entry.path(""))];
    if entry.privileged {
        grants.push(grant(entry, Class::Privileged, "be privileged", "/securityContext/privileged"));
    }
    for capability in &entry.added_capabilities {
        grants.push(adds(entry, capability));
    }
    grants
}

fn container(entry: &AllowedContainer<'_>) -> &'static str {
    match entry.list.field() {
        "initContainers" => "an init container",
        _ => "a container",
    }
}

fn grant(entry: &AllowedContainer<'_>, class: Class, may: impl Into<String>, below: &str) -> Grant {
    Grant::new(class, may.into(), entry.path(below)).container(entry.name)
}

fn adds(entry: &AllowedContainer<'_>, capability: &str) -> Grant {
    let may = format!("add the capability `{capability}`");
    grant(entry, Class::Capability, may, "/securityContext/capabilities/add")
}

/// Returns the things that one entry accepts and the other does not.
fn beyond(entry: &AllowedContainer<'_>, other: &AllowedContainer<'_>, work: &mut Work) -> Vec<Grant> {
    let mut grants = Vec::new();
    security(entry, other, &mut grants);
    image(entry, other, work, &mut grants);
    execution(entry, other, work, &mut grants);
    environment(entry, other, work, &mut grants);
    mounts(entry, other, &mut grants);
    grants
}

fn security(entry: &AllowedContainer<'_>, other: &AllowedContainer<'_>, grants: &mut Vec<Grant>) {
    let below = "/securityContext/privileged";
    match (entry.privileged, other.privileged) {
        (true, false) => grants.push(grant(entry, Class::Privileged, "be privileged", below)),
        (false, true) => grants.push(grant(entry, Class::Omission, "be unprivileged", below)),
        _ => {}
    }
    let missing = |capability: &&&str| !other.added_capabilities.contains(*capability);
    grants.extend(entry.added_capabilities.iter().filter(missing).map(|capability| adds(entry, capability)));
    let kept = |capability: &&&str| !entry.dropped_capabilities.contains(*capability);
    grants.extend(other.dropped_capabilities.iter().filter(kept).map(|capability| {
        let may = format!("keep the capability `{capability}`");
        grant(entry, Class::Capability, may, "/securityContext/capabilities/drop")
    }));
    let path = entry.path("/securityContext/appArmorProfile");
    app_armor(entry.app_armor, other.app_armor, &path, entry.name, grants);
}

fn image(
    entry: &AllowedContainer<'_>,
    other: &AllowedContainer<'_>,
    work: &mut Work,
    grants: &mut Vec<Grant>,
) {
    if let Some(image) = &entry.image
        && !accepts_reference(other, image, work)
    {
        let known: Vec<&str> = other.image.iter().map(|image| image.text).collect();
        let found = wider_names(&[image.text], &known, work).into_iter().next();
        let example = found.and_then(|found| found.example);
        grants.push(grant(entry, Class::Image, format!("run `{}`", image.text), "/image").example(example));
    }
    let new: Vec<&[u8; 32]> =
        entry.digests.iter().filter(|digest| other.digests.binary_search(digest).is_err()).collect();
    let may = match new.as_slice() {
        [] => return,
        [digest] => format!("run the image with the digest `sha256:{}`", sha256_to_hex(digest)),
        [first, rest @ ..] => {
            format!("run images with the digest `sha256:{}` and {} more", sha256_to_hex(first), rest.len())
        }
    };
    grants.push(Grant::new(Class::Image, may, "/containerImageDigests".to_owned()).container(entry.name));
}

/// Whether the other entry accepts every image that this `image` accepts (rule M5).
fn accepts_reference(other: &AllowedContainer<'_>, image: &AllowedImage<'_>, work: &mut Work) -> bool {
    let Some(accepted) = &other.image else { return false };
    if accepted.text == image.text {
        return true;
    }
    // A whole reference, with tag or digest, equals no path, only the same reference.
    let reference = ImageReference::parse(image.text);
    if reference.path != image.text && !hallpass_policy::pattern::is_pattern(image.text) {
        return reference.matchable_path().is_some_and(|path| accepted.matcher.matches(path));
    }
    wider_names(&[image.text], &[accepted.text], work).is_empty()
}

fn execution(
    entry: &AllowedContainer<'_>,
    other: &AllowedContainer<'_>,
    work: &mut Work,
    grants: &mut Vec<Grant>,
) {
    if entry.command != other.command {
        let may = match entry.command.as_slice() {
            [] => "run the command of its image".to_owned(),
            command => format!("run the command `{}`", command.join(" ")),
        };
        grants.push(grant(entry, Class::Command, may, "/command"));
    }
    for handler in entry.handlers.iter().filter(|handler| !other.handlers.contains(handler)) {
        let may = format!("execute `{}` as `{}`", handler.command.join(" "), handler.on.name());
        grants.push(grant(entry, Class::Command, may, &format!("/{}", handler.on.field())));
    }
    for Wider { index, text, example } in wider(&entry.args.texts, &other.args.texts, work) {
        let may = format!("have the argument `{text}`");
        grants.push(grant(entry, Class::Args, may, &format!("/args/{index}")).example(example));
    }
}

fn environment(
    entry: &AllowedContainer<'_>,
    other: &AllowedContainer<'_>,
    work: &mut Work,
    grants: &mut Vec<Grant>,
) {
    for Wider { index, text, example } in wider_names(&entry.env.texts, &other.env.texts, work) {
        let may = format!("set the environment variable `{text}`");
        grants.push(grant(entry, Class::Env, may, &format!("/env/{index}/name")).example(example));
    }
    let known = |source: EnvSource, name: &str| {
        other.env_from.iter().any(|from| from.source == source && from.name == name)
    };
    for from in entry.env_from.iter().filter(|from| !known(from.source, from.name)) {
        let may = format!("take environment variables from `{}` `{}`", from.source.field(), from.name);
        grants.push(grant(entry, Class::Env, may, "/envFrom"));
    }
}

fn mounts(entry: &AllowedContainer<'_>, other: &AllowedContainer<'_>, grants: &mut Vec<Grant>) {
    for mount in &entry.mounts {
        let mut namesakes =
            other.mounts.iter().filter(|it| it.name == mount.name && it.mount_path == mount.mount_path);
        let nearest = namesakes.clone().next();
        if namesakes.any(|accepted| is_within(mount, accepted)) {
            continue;
        }
        let how = match nearest {
            Some(nearest) if nearest.read_only && !mount.read_only => ", writable".to_owned(),
            Some(nearest) if mount.sub_path.is_empty() => {
                format!(", without `subPath: {}`", nearest.sub_path)
            }
            Some(_) => format!(", with `subPath: {}`", mount.sub_path),
            None => String::new(),
        };
        let may = format!("mount `{}` at `{}`{how}", mount.name, mount.mount_path);
        grants.push(grant(entry, Class::Mount, may, &format!("/volumeMounts/{}", mount.index)));
    }
    let known = |name: &str, path: &str| {
        other.devices.iter().any(|device| device.name == name && device.device_path == path)
    };
    for device in entry.devices.iter().filter(|device| !known(device.name, device.device_path)) {
        let may = format!("use the device `{}` at `{}`", device.name, device.device_path);
        grants.push(grant(entry, Class::Mount, may, "/volumeDevices"));
    }
}

/// Whether `other` accepts every mount that `mount` accepts (rule M11).
fn is_within(mount: &AllowedMount<'_>, other: &AllowedMount<'_>) -> bool {
    (mount.read_only || !other.read_only) && (other.sub_path.is_empty() || other.sub_path == mount.sub_path)
}
