//! Updates that change nothing that a rule reads, but only finalizers, owners and other metadata. They pass, so that old
//! objects can still be deleted. [`hallpass_workload::is_unchanged`] implements the same in Rust.

use hallpass_workload::{APP_ARMOR_ANNOTATION, HOST_PORT_ANNOTATION};

use super::pod::{annotations, label, template};
use crate::text::{all_of, literal};
use crate::variable::Variable;

pub(super) fn variables() -> Vec<Variable> {
    let old = |name, value: String| {
        Variable::new(name, format!("request.operation != 'UPDATE' ? dyn(null) :\n{value}"))
    };
    vec![
        old("old_template", template("oldObject")),
        old("old_annotations", annotations("variables.old_template")),
        old("old_object_annotations", annotations("dyn(oldObject)")),
        Variable::new(
            "unchanged",
            all_of(&[
                "request.operation == 'UPDATE'".to_owned(),
                "variables.template.spec == variables.old_template.spec".to_owned(),
                format!("variables.template_label == ({})", label("variables.old_template")),
                format!("variables.object_label == ({})", label("dyn(oldObject)")),
                same_annotations("variables.annotations", "variables.old_annotations"),
                same_annotations("variables.object_annotations", "variables.old_object_annotations"),
                same_field("StatefulSet", "spec.volumeClaimTemplates"),
                same_field("Job", "spec.completionMode"),
                same_field("CronJob", "spec.jobTemplate.spec.completionMode"),
            ]),
        ),
    ]
}

/// Returns the condition that the annotations that rules read are equal.
fn same_annotations(new: &str, old: &str) -> String {
    let unread = format!(
        "key != {} && !key.startsWith({})",
        literal(HOST_PORT_ANNOTATION),
        literal(APP_ARMOR_ANNOTATION)
    );
    format!(
        "{new}.all(key, {unread} || key in {old} && {new}[key] == {old}[key]) &&\n\
         {old}.all(key, {unread} || key in {new})"
    )
}

fn same_field(kind: &str, path: &str) -> String {
    let (new, old) = (format!("dyn(object).{path}"), format!("dyn(oldObject).{path}"));
    format!("(request.kind.kind != '{kind}' || (has({new}) ? has({old}) && {new} == {old} : !has({old})))")
}
