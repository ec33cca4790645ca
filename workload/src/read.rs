//! Converts a manifest to a [`Workload`]: finds the Pod template and the fields around it.

use super::app_armor::Annotations;
use super::controller::Added;
use super::host_ports::is_assigned;
use super::pod::Pod;
use super::shape::{METADATA, OBJECT};
use super::{ContainerList, MatchingLabel, Workload};
use crate::kind::WorkloadKind;
use crate::manifest::Manifest;
use crate::manifest::Namespace;
use hallpass_document::{At, Diagnostic, Diagnostics, Value, push_key};

/// Selects the only allowlist to consider (GKE's `WorkloadAllowlist` reference).
pub const MATCHING_LABEL: &str = "cloud.google.com/matching-allowlist";

/// A workload with its warnings.
#[derive(Clone, Debug)]
pub struct ReadWorkload<'v> {
    /// The workload.
    pub workload: Workload<'v>,
    /// Fields that Kubernetes drops and that look like typos, and what the API server refuses in addition to the rules.
    pub warnings: Vec<Diagnostic>,
}

impl<'v> Workload<'v> {
    /// Reads the workload in `manifest`, whose role must be a workload.
    ///
    /// # Errors
    /// Everything that the API server would refuse in a field that a rule reads.
    pub fn read(manifest: &Manifest<'v>, kind: WorkloadKind) -> Result<ReadWorkload<'v>, Vec<Diagnostic>> {
        let mut faults = Diagnostics::default();
        let workload = read(manifest, kind, &mut faults);
        match workload {
            Some(workload) if faults.errors.is_empty() => {
                Ok(ReadWorkload { workload, warnings: faults.warnings })
            }
            _ => Err(faults.errors),
        }
    }
}

fn read<'v>(manifest: &Manifest<'v>, kind: WorkloadKind, faults: &mut Diagnostics) -> Option<Workload<'v>> {
    let root = At::pointer_to(&manifest.pointer);
    if manifest.api_version.is_some_and(|written| written != kind.api_version()) {
        faults.warn(manifest.unserved(kind.api_version()));
    }
    let object = metadata(manifest.value, &root, faults);
    let (template, template_pointer, added) = find_template(manifest, kind, faults)?;
    let template_at = At::pointer_to(&template_pointer);
    let template_metadata =
        if kind == WorkloadKind::Pod { object.clone() } else { metadata(template, &template_at, faults) };
    let spec_at = template_at.key("spec");
    let Some(spec) = template.get("spec") else {
        missing_containers(kind, &spec_at.key("containers"), faults);
        return None;
    };
    let annotations = Annotations::read(&template_pointer, &template_metadata.annotations, faults);
    let pod = Pod::read(spec, &spec_at, &annotations, added.claims, faults);
    if !pod.containers.iter().any(|c| c.list == ContainerList::Main) && faults.errors.is_empty() {
        missing_containers(kind, &spec_at.key("containers"), faults);
    }

    let template_label = template_metadata.label(MATCHING_LABEL);
    let label = template_label.map(|allowlist| (allowlist, &template_pointer)).or_else(|| {
        let allowlist = object.label(MATCHING_LABEL)?;
        Some((allowlist, &manifest.pointer))
    });
    let matching_label = label.map(|(allowlist, holder)| {
        let mut path = format!("{holder}/metadata/labels");
        push_key(&mut path, MATCHING_LABEL);
        MatchingLabel { allowlist, path, on_template: template_label.is_some() }
    });
    let mut host_port_assignment = is_assigned(&template_metadata.annotations, &template_at, faults);
    if kind != WorkloadKind::Pod {
        host_port_assignment |= is_assigned(&object.annotations, &root, faults);
    }
    Some(Workload {
        kind,
        name: object.name,
        namespace: manifest.request_namespace.clone().or_else(|| {
            let path = root.key("metadata").key("namespace").pointer();
            object.namespace.map(|name| Namespace { name, path })
        }),
        pointer: manifest.pointer.clone(),
        spec_pointer: spec_at.pointer(),
        matching_label,
        host_port_assignment,
        host_namespaces: pod.host_namespaces,
        host_users: pod.host_users,
        app_armor: pod.app_armor,
        sysctls: pod.sysctls,
        host_process: pod.host_process,
        node_keys: pod.node_keys,
        tolerations: pod.tolerations,
        runtime_class: pod.runtime_class,
        volumes: pod.volumes,
        completion_index: added.completion_index,
        containers: pod.containers,
    })
}

fn find_template<'v>(
    manifest: &Manifest<'v>,
    kind: WorkloadKind,
    faults: &mut Diagnostics,
) -> Option<(&'v Value<'v>, String, Added<'v>)> {
    let mut added = Added::default();
    let mut template = manifest.value;
    let mut pointer = manifest.pointer.clone();
    for key in kind.template() {
        let at = At::pointer_to(&pointer);
        for (name, value) in faults.map(template, &at) {
            let at = at.key(name);
            // Fields next to the template belong to the controller.
            if *key == "template" {
                added.read_field(kind, (name, value), &at, faults);
            } else {
                OBJECT.unread(name, &at, faults);
            }
        }
        let Some(next) = template.get(key) else {
            if faults.errors.is_empty() {
                missing_containers(kind, &at.key(key), faults);
            }
            return None;
        };
        template = next;
        push_key(&mut pointer, key);
    }
    faults.map(template, &At::pointer_to(&pointer));
    Some((template, pointer, added))
}

fn missing_containers(kind: WorkloadKind, at: &At<'_>, faults: &mut Diagnostics) {
    let mut home = kind.template().join(".");
    if !home.is_empty() {
        home.push('.');
    }
    faults.error(
        Diagnostic::new(at.pointer(), format!("the {} has no containers", kind.name()))
            .help(format!("a {} lists them under `{home}spec.containers`", kind.name())),
    );
}

/// The fields of `metadata` that rules read.
#[derive(Clone, Default)]
struct Metadata<'v> {
    name: Option<&'v str>,
    namespace: Option<&'v str>,
    labels: Vec<(&'v str, &'v str)>,
    annotations: Vec<(&'v str, &'v str)>,
}

impl<'v> Metadata<'v> {
    fn label(&self, key: &str) -> Option<&'v str> {
        self.labels.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }
}

fn metadata<'v>(holder: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Metadata<'v> {
    let mut metadata = Metadata::default();
    let mut generate_name = None;
    let Some(value) = holder.get("metadata") else { return metadata };
    let at = at.key("metadata");
    for (key, value) in faults.map(value, &at) {
        let at = at.key(key);
        match &**key {
            "name" => metadata.name = faults.string(value, &at),
            "generateName" => generate_name = faults.string(value, &at),
            "namespace" => metadata.namespace = faults.string(value, &at).filter(|name| !name.is_empty()),
            "labels" => metadata.labels = string_map(value, &at, faults),
            "annotations" => metadata.annotations = string_map(value, &at, faults),
            _ => METADATA.unread(key, &at, faults),
        }
    }
    metadata.name = metadata.name.filter(|name| !name.is_empty()).or(generate_name);
    metadata
}

pub(super) fn string_map<'v>(
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Vec<(&'v str, &'v str)> {
    let entries = faults.map(value, at);
    let mut strings = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let at = at.key(key);
        // Here null is not the same as absent: Go reads it as an empty string.
        let text = if value.is_null() { Some("") } else { faults.string(value, &at) };
        strings.extend(text.map(|text| (&**key, text)));
    }
    strings
}
