//! A container of an allowlist (rules M2 to M11).

use hallpass_document::sha256_to_hex;
use hallpass_policy::{AllowedContainer, AllowedMount};
use hallpass_workload::{COMPLETION_INDEX, HandlerKind};

use super::app_armor;
use crate::pattern::accepts;
use crate::text::{all_of, any_of, indented, lines, list, literal};
use crate::workload::handler_field;

/// Returns the expression for the names of the workload's containers that match.
pub(super) fn matching(container: &AllowedContainer<'_>) -> String {
    let mut conditions = vec![
        format!("c.list == '{}'", container.list.field()),
        format!("(variables.label.size() == 0 || c.name == {})", literal(container.name)),
        image(container),
        format!("c.command == {}", list(container.command.iter().copied())),
        all("args", "arg", &container.args.texts),
        all("env", "name", &container.env.texts),
    ];
    // The Job controller adds this variable to each container of an indexed Job (rule W2).
    if !container.env.matcher.matches(COMPLETION_INDEX) {
        conditions.push("!variables.indexed".to_owned());
    }
    let sources: Vec<String> =
        container.env_from.iter().map(|from| format!("{} {}", from.source.field(), from.name)).collect();
    conditions.push(all_in("env_from", "from", sources.iter().map(String::as_str)));
    conditions.extend(HandlerKind::ALL.map(|on| handler(container, on)));
    conditions.push(format!("{}c.privileged", if container.privileged { "" } else { "!" }));
    conditions.push(all_in("add", "name", container.added_capabilities.iter().copied()));
    conditions
        .extend(container.dropped_capabilities.iter().map(|name| format!("{} in c.drop", literal(name))));
    conditions.extend(app_armor("c.app_armor", container.app_armor));
    conditions.push(mounts(container));
    conditions.push(devices(container));
    format!("variables.containers.filter(c,\n  {}\n).map(c, c.name)", indented(&all_of(&conditions)))
}

/// M5: by path, by digest, or as a whole reference.
fn image(container: &AllowedContainer<'_>) -> String {
    let mut ways = Vec::new();
    if let Some(image) = &container.image {
        ways.push(format!("c.image == {}", literal(image.text)));
        ways.push(format!("!c.pinned && ({})", accepts("c.path", &[image.text])));
    }
    if !container.digests.is_empty() {
        let digests: Vec<String> =
            container.digests.iter().map(|digest| format!("sha256:{}", sha256_to_hex(digest))).collect();
        ways.push(format!("c.digest in {}", lines(digests.iter().map(String::as_str))));
    }
    format!("(\n  {}\n)", indented(&any_of(&ways)))
}

/// Whether each item of a list equals or matches an entry.
fn all(field: &str, item: &str, entries: &[&str]) -> String {
    match entries.is_empty() {
        true => format!("c.{field}.size() == 0"),
        false => format!("c.{field}.all({item}, {})", accepts(item, entries)),
    }
}

/// Whether each item of a list equals an entry.
fn all_in<'t>(field: &str, item: &str, entries: impl Iterator<Item = &'t str>) -> String {
    let mut entries = entries.peekable();
    match entries.peek() {
        None => format!("c.{field}.size() == 0"),
        Some(_) => format!("c.{field}.all({item}, {item} in {})", lines(entries)),
    }
}

/// M8: only the first entry for a hook or probe counts.
fn handler(container: &AllowedContainer<'_>, on: HandlerKind) -> String {
    let field = handler_field(on);
    match container.handlers.iter().find(|handler| handler.on == on) {
        Some(handler) => {
            format!("c.{field}.all(command, command == {})", list(handler.command.iter().copied()))
        }
        None => format!("c.{field}.size() == 0"),
    }
}

/// M11: a mount needs an entry with its name and path.
fn mounts(container: &AllowedContainer<'_>) -> String {
    if container.mounts.is_empty() {
        return "c.mounts.size() == 0".to_owned();
    }
    let entries: Vec<String> = container.mounts.iter().map(mount).collect();
    format!("c.mounts.all(mount,\n  {}\n)", indented(&any_of(&entries)))
}

fn mount(mount: &AllowedMount<'_>) -> String {
    let mut condition =
        format!("mount.name == {} && mount.mountPath == {}", literal(mount.name), literal(mount.mount_path));
    if mount.read_only {
        condition.push_str(" && has(mount.readOnly) && mount.readOnly");
    }
    if !mount.sub_path.is_empty() {
        condition
            .push_str(&format!(" && has(mount.subPath) && mount.subPath == {}", literal(mount.sub_path)));
    }
    condition
}

fn devices(container: &AllowedContainer<'_>) -> String {
    if container.devices.is_empty() {
        return "c.devices.size() == 0".to_owned();
    }
    let entries: Vec<String> = container
        .devices
        .iter()
        .map(|device| {
            format!(
                "device.name == {} && device.devicePath == {}",
                literal(device.name),
                literal(device.device_path)
            )
        })
        .collect();
    format!("c.devices.all(device,\n  {}\n)", indented(&any_of(&entries)))
}
