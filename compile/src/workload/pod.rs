//! The Pod template, the Pod spec, and the fields around them.

use hallpass_workload::MATCHING_LABEL;

use crate::text::literal;
use crate::variable::Variable;

/// Returns the expression for the Pod template in `object`, by the kind of the request (rule W1).
///
/// `dyn` keeps the API server from type-checking the expression for every kind.
pub(super) fn template(object: &str) -> String {
    format!(
        "request.kind.kind == 'Pod' ? dyn({object}) :\n\
         request.kind.kind == 'PodTemplate' ? dyn({object}).template :\n\
         request.kind.kind == 'CronJob' ? dyn({object}).spec.jobTemplate.spec.template :\n\
         dyn({object}).spec.template"
    )
}

/// Returns the expression for a list of the value of the label that names an allowlist, on a template or an object (rule M2).
pub(super) fn label(holder: &str) -> String {
    let (labels, key) = (format!("{holder}.metadata.labels"), literal(MATCHING_LABEL));
    format!("has({holder}.metadata) && has({labels}) && {key} in {labels} ? [{labels}[{key}]] : []")
}

/// Returns the condition that `condition` on `label`, the name of the only allowlist to consider, holds. Match conditions
/// cannot use variables.
pub(crate) fn label_is(condition: &str) -> String {
    format!(
        "[{}].map(template,\n  ({}) +\n  ({})\n).exists(labels, labels.size() > 0 && [labels[0]].exists(label, {condition}))",
        template("object").replace('\n', " "),
        label("template"),
        label("dyn(object)")
    )
}

/// Returns the expression for the annotations of a template or an object, or an empty map.
pub(super) fn annotations(holder: &str) -> String {
    format!(
        "has({holder}.metadata) && has({holder}.metadata.annotations) ? {holder}.metadata.annotations : {{}}"
    )
}

pub(super) fn variables() -> Vec<Variable> {
    let flag = |field: &str| format!("has(variables.spec.{field}) && variables.spec.{field}");
    vec![
        Variable::new("template", template("object")),
        Variable::new("spec", "variables.template.spec"),
        Variable::new("template_label", label("variables.template")),
        Variable::new("object_label", label("dyn(object)")),
        Variable::new(
            "label",
            "variables.template_label.size() > 0 ? variables.template_label : variables.object_label",
        ),
        Variable::new("annotations", annotations("variables.template")),
        Variable::new("object_annotations", annotations("dyn(object)")),
        Variable::new("host_network", flag("hostNetwork")),
        Variable::new("host_pid", flag("hostPID")),
        Variable::new("host_ipc", flag("hostIPC")),
        Variable::new("host_users", flag("hostUsers")),
        Variable::new(
            "indexed",
            "request.kind.kind == 'Job' ?\n  \
             has(dyn(object).spec.completionMode) && dyn(object).spec.completionMode == 'Indexed' :\n\
             request.kind.kind == 'CronJob' &&\n  \
             has(dyn(object).spec.jobTemplate.spec.completionMode) &&\n  \
             dyn(object).spec.jobTemplate.spec.completionMode == 'Indexed'",
        ),
        Variable::new(
            "claims",
            "request.kind.kind == 'StatefulSet' && has(dyn(object).spec.volumeClaimTemplates) ?\n  \
             dyn(object).spec.volumeClaimTemplates.map(claim, claim.metadata.name) : []",
        ),
    ]
}
