//! Determines which fields of a workload a rule reads. If in doubt, a field counts as read.

use super::app_armor::APP_ARMOR_ANNOTATION;
use super::shape::{
    CONTAINER, CONTAINER_SECURITY, ENV, ENV_FROM, HANDLER, LIFECYCLE, METADATA, MOUNT, OBJECT, POD_SECURITY,
    POD_SPEC, PORT, Shape, TEMPLATE_HOLDER,
};
use super::{ContainerList, HandlerKind};
use crate::kind::WorkloadKind;

/// A location, by what rules read below it.
#[derive(Clone, Copy)]
enum Place {
    /// The object, or a parent of its Pod template, with the remaining keys to the template.
    Holder(&'static [&'static str]),
    /// The Pod template.
    Template,
    Metadata,
    /// Labels or annotations.
    Named,
    PodSpec,
    Container,
    /// `lifecycle`
    Lifecycle,
    /// A type of which rules read some fields, each as a whole.
    Shaped(&'static Shape),
    List(&'static Place),
    /// Rules may read everything.
    Whole,
}

/// Whether a rule reads the value at this path from a workload, or something below it.
pub(crate) fn reads<'s>(kind: WorkloadKind, steps: impl IntoIterator<Item = &'s str>) -> bool {
    let mut steps = steps.into_iter();
    let start = match kind.template() {
        [] => Place::Template,
        keys => Place::Holder(keys),
    };
    steps.try_fold(start, Place::child).is_some()
}

impl Place {
    /// Returns the location below a key; `None` if no rule reads anything there.
    fn child(self, key: &str) -> Option<Place> {
        match self {
            Place::Holder([next, rest @ ..]) if *next == key => {
                Some(if rest.is_empty() { Place::Template } else { Place::Holder(rest) })
            }
            Place::Holder(_) if key == "metadata" => Some(Place::Metadata),
            Place::Holder(_) => OBJECT.may_read(key).and_then(|()| TEMPLATE_HOLDER.may_read(key)).map(whole),
            Place::Template => match key {
                "metadata" => Some(Place::Metadata),
                "spec" => Some(Place::PodSpec),
                _ => OBJECT.may_read(key).map(whole),
            },
            Place::Metadata => match key {
                "labels" | "annotations" => Some(Place::Named),
                _ => METADATA.may_read(key).map(whole),
            },
            Place::Named => is_of_gke(key).then_some(Place::Whole),
            Place::PodSpec => match key {
                "securityContext" => Some(Place::Shaped(&POD_SECURITY)),
                _ if is_container_list(key) => Some(Place::List(&Place::Container)),
                _ => POD_SPEC.may_read(key).map(whole),
            },
            Place::Container => match key {
                "securityContext" => Some(Place::Shaped(&CONTAINER_SECURITY)),
                "env" => Some(Place::List(&Place::Shaped(&ENV))),
                "envFrom" => Some(Place::List(&Place::Shaped(&ENV_FROM))),
                "ports" => Some(Place::List(&Place::Shaped(&PORT))),
                "volumeMounts" => Some(Place::List(&Place::Shaped(&MOUNT))),
                "lifecycle" => Some(Place::Lifecycle),
                _ if is_probe(key) => Some(Place::Shaped(&HANDLER)),
                _ => CONTAINER.may_read(key).map(whole),
            },
            Place::Lifecycle => LIFECYCLE.may_read(key).map(|()| Place::Shaped(&HANDLER)),
            Place::Shaped(shape) => shape.may_read(key).map(whole),
            Place::List(item) => Some(*item),
            Place::Whole => Some(Place::Whole),
        }
    }
}

fn whole((): ()) -> Place {
    Place::Whole
}

/// Whether a label or an annotation has a meaning to GKE, or to the rules about Kubernetes.
fn is_of_gke(key: &str) -> bool {
    let domain = key.split_once('/').map_or("", |(domain, _)| domain);
    let within = |parent: &str| {
        domain.strip_suffix(parent).is_some_and(|child| child.is_empty() || child.ends_with('.'))
    };
    within("gke.io") || within("google.com") || key.starts_with(APP_ARMOR_ANNOTATION)
}

fn is_container_list(key: &str) -> bool {
    [ContainerList::Main, ContainerList::Init, ContainerList::Ephemeral]
        .iter()
        .any(|list| list.field() == key)
}

fn is_probe(key: &str) -> bool {
    [HandlerKind::Liveness, HandlerKind::Readiness, HandlerKind::Startup]
        .iter()
        .any(|probe| probe.field() == key)
}
