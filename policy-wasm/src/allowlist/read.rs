//! Converts a manifest to an [`Allowlist`]. M14: its annotation says whether GKE blocks connections to the Pod.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::candidates::Candidates;
use super::container::read_containers;
use super::digests::{ListedDigests, read_digests};
use super::field::unknown;
use super::volume::read_volumes;
use super::{Allowlist, Exemptions};
use crate::constraint::Constraint;
use hallpass_document::Places;
use hallpass_document::sorted;
use hallpass_document::{At, Code, Diagnostic, Diagnostics, Value};
use hallpass_workload::Manifest;
use hallpass_workload::{AppArmor, ContainerList, HostNamespace};

/// An allowlist with its warnings.
#[derive(Debug)]
pub(super) struct ReadAllowlist<'v> {
    /// The allowlist.
    pub(super) allowlist: Allowlist<'v>,
    /// Parts that have no effect and look like typos.
    pub(super) warnings: Vec<Diagnostic>,
}

/// Whether exec, attach and port-forward are blocked (rule M14): annotation of an allowlist, and of a Pod.
pub const NO_CONNECT: &str = "autopilot.gke.io/no-connect";

const TOP_LEVEL: [&str; 8] = [
    "apiVersion",
    "kind",
    "metadata",
    "status",
    "minGKEVersion",
    "exemptions",
    "matchingCriteria",
    "containerImageDigests",
];

impl<'v> Allowlist<'v> {
    /// Reads and compiles the allowlist in `manifest`, whose role must be an allowlist.
    ///
    /// # Errors
    /// Everything that cannot be what the author intended: wrong types, invalid patterns or digests, fields that would
    /// be dropped.
    pub(super) fn read(manifest: &Manifest<'v>) -> Result<ReadAllowlist<'v>, Vec<Diagnostic>> {
        let mut faults = Diagnostics::default();
        let allowlist = read(manifest, &mut faults);
        if faults.errors.is_empty() {
            Ok(ReadAllowlist { allowlist, warnings: faults.warnings })
        } else {
            Err(faults.errors)
        }
    }
}

fn read<'v>(manifest: &Manifest<'v>, faults: &mut Diagnostics) -> Allowlist<'v> {
    let at = At::pointer_to(&manifest.pointer);
    let mut allowlist = Allowlist {
        name: "",
        min_gke_version: None,
        exemptions: Exemptions::default(),
        no_connect: true,
        host_namespaces: Vec::new(),
        host_users: false,
        app_armor: None,
        containers: Vec::new(),
        volumes: Vec::new(),
        volume_places: Places::default(),
        candidates: Candidates::default(),
    };
    let mut digests = Vec::new();
    for (key, value) in faults.map(manifest.value, &at) {
        let at = at.key(key);
        match &**key {
            "apiVersion" | "kind" | "status" => {}
            "metadata" => read_metadata(&mut allowlist, value, &at, faults),
            "minGKEVersion" => read_min_version(&mut allowlist, value, &at, faults),
            "exemptions" => read_exemptions(&mut allowlist, value, &at, faults),
            "matchingCriteria" => read_criteria(&mut allowlist, value, &at, faults),
            "containerImageDigests" => digests = read_digests(value, &at, faults),
            "spec" => faults.error(
                Diagnostic::new(at.pointer(), "a WorkloadAllowlist has no `spec`: GKE would drop all of it").in_key().code(Code::SpecField).help(
                    "move `exemptions`, `matchingCriteria` and the rest to the top level, next to `metadata`",
                ),
            ),
            _ => unknown(key, &TOP_LEVEL, &at, faults),
        }
    }
    if allowlist.name.is_empty() {
        let path = at.key("metadata").key("name").pointer();
        faults.error(Diagnostic::new(path, "the allowlist has no name").help("give it a `metadata.name`"));
    }
    let has_spec = manifest.value.get("spec").is_some();
    for (field, holds) in
        [("exemptions", "the constraints to exempt from"), ("matchingCriteria", "the criteria for workloads")]
    {
        if !has_spec && manifest.value.get(field).is_none() {
            faults.error(
                Diagnostic::new(at.key(field).pointer(), format!("the allowlist has no `{field}`"))
                    .help(format!("it lists {holds}")),
            );
        }
    }
    attach_digests(&mut allowlist, &digests, faults);
    allowlist.index();
    allowlist
}

fn attach_digests(allowlist: &mut Allowlist<'_>, listed: &[ListedDigests<'_>], faults: &mut Diagnostics) {
    warn_of_strays(allowlist, listed, faults);
    let by_name = sorted(listed.iter().enumerate().map(|(item, listed)| (listed.container, item)).collect());
    let of_name: Vec<_> = by_name
        .chunk_by(|(one, _), (other, _)| one == other)
        .filter_map(|items| {
            let items_of_name = items.iter().filter_map(|(_, item)| listed.get(*item));
            // As slices: comparing arrays of a known length takes kilobytes of code.
            let all = items_of_name.flat_map(|listed| &listed.digests).map(<[u8; 32]>::as_slice);
            let digests = sorted(all.collect()).into_iter().filter_map(|digest| digest.try_into().ok());
            Some((items.first()?.0, Arc::new(digests.collect())))
        })
        .collect();
    for container in &mut allowlist.containers {
        let found = of_name.binary_search_by_key(&container.name, |(name, _)| *name);
        if let Some((_, digests)) = found.ok().and_then(|place| of_name.get(place)) {
            container.digests = Arc::clone(digests);
        }
    }
}

/// Warns about digests for containers that the allowlist does not have, at the last occurrence of each name.
fn warn_of_strays(allowlist: &Allowlist<'_>, listed: &[ListedDigests<'_>], faults: &mut Diagnostics) {
    let mut names = BTreeSet::new();
    names.extend(allowlist.containers.iter().map(|container| container.name));
    let mut seen = BTreeSet::new();
    let strays = listed.iter().rev();
    let strays = strays.filter(|listed| !names.contains(listed.container) && seen.insert(listed.container));
    let strays = strays.map(|listed| (listed.name_path.as_str(), listed.container));
    for (path, stray) in sorted(strays.collect()) {
        let fault = Diagnostic::new(
            path.to_owned(),
            format!("the digests are for `{stray}`, which is not a container of this allowlist"),
        );
        faults.warn(fault.code(Code::StrayDigests).suggest(
            stray,
            names.iter().copied(),
            "use the name of a container of `matchingCriteria`",
        ));
    }
}

fn read_metadata<'v>(
    allowlist: &mut Allowlist<'v>,
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) {
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        match &**key {
            "name" => allowlist.name = faults.string(value, &at).unwrap_or_default(),
            "annotations" => {
                for (key, value) in faults.map(value, &at) {
                    let at = at.key(key);
                    let text = faults.string(value, &at);
                    if key == NO_CONNECT {
                        allowlist.no_connect = text != Some("false");
                    }
                }
            }
            _ => {}
        }
    }
}

fn read_min_version(allowlist: &mut Allowlist<'_>, value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) {
    let Some(text) = faults.string(value, at) else { return };
    match text.parse() {
        Ok(version) => allowlist.min_gke_version = Some(version),
        Err(error) => faults.error(
            Diagnostic::new(at.pointer(), format!("{error}"))
                .code(Code::GkeVersion)
                .help("set the oldest GKE version that the workload needs"),
        ),
    }
}

fn read_exemptions(allowlist: &mut Allowlist<'_>, value: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) {
    for (index, id) in faults.strings(value, at).into_iter().enumerate() {
        match Constraint::with_id(id).filter(|constraint| constraint.is_exemptible()) {
            Some(constraint) => allowlist.exemptions.add(constraint),
            None => {
                let exemptible = Constraint::ALL.iter().filter(|c| c.is_exemptible()).map(|c| c.id());
                let fault = Diagnostic::new(
                    at.index(index).pointer(),
                    format!("`{id}` is not a constraint that an allowlist can exempt from: it has no effect"),
                );
                faults.warn(fault.code(Code::Exemption).suggest(id, exemptible, "remove it"));
            }
        }
    }
}

fn read_criteria<'v>(
    allowlist: &mut Allowlist<'v>,
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) {
    const FIELDS: [&str; 8] = [
        "containers",
        "initContainers",
        "volumes",
        "securityContext",
        "hostNetwork",
        "hostPID",
        "hostIPC",
        "hostUsers",
    ];
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        match &**key {
            "containers" => {
                allowlist.containers.extend(read_containers(value, ContainerList::Main, &at, faults))
            }
            "initContainers" => {
                allowlist.containers.extend(read_containers(value, ContainerList::Init, &at, faults));
            }
            "volumes" => allowlist.volumes = read_volumes(value, &at, faults),
            "hostUsers" => allowlist.host_users = faults.boolean(value, &at) == Some(true),
            "securityContext" => {
                for (key, value) in faults.map(value, &at) {
                    let at = at.key(key);
                    match &**key {
                        "appArmorProfile" => allowlist.app_armor = AppArmor::read(value, &at, faults),
                        _ => unknown(key, &["appArmorProfile"], &at, faults),
                    }
                }
            }
            _ => match HostNamespace::ALL.into_iter().find(|namespace| namespace.field() == key) {
                Some(namespace) => {
                    if faults.boolean(value, &at) == Some(true) {
                        allowlist.host_namespaces.push(namespace);
                    }
                }
                None => unknown(key, &FIELDS, &at, faults),
            },
        }
    }
}
