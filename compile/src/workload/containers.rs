//! The containers of all three lists (rule W4), with empty values in place of absent ones.

use hallpass_workload::{ContainerList, HandlerKind};

use super::app_armor;
use crate::variable::Variable;

/// The variable for fields that no allowlist compares, such as ports: `listed.of` is the container as the user wrote it.
pub(crate) struct Listed;

impl Listed {
    pub(crate) const NAME: &'static str = "variables.listed";
}

pub(super) fn variables() -> Vec<Variable> {
    let lists = ContainerList::ALL.map(|list| {
        let field = list.field();
        let all = format!("variables.spec.{field}");
        format!("(has({all}) ? {all}.map(c, {{'list': dyn('{field}'), 'of': dyn(c)}}) : [])")
    });
    vec![Variable::new("listed", lists.join(" +\n")), Variable::new("containers", normalized())]
}

/// Returns the name of the field for the command of a hook or probe.
pub(crate) fn handler_field(on: HandlerKind) -> &'static str {
    match on {
        HandlerKind::PostStart => "post_start",
        HandlerKind::PreStop => "pre_stop",
        HandlerKind::Liveness => "liveness",
        HandlerKind::Readiness => "readiness",
        HandlerKind::Startup => "startup",
    }
}

fn normalized() -> String {
    const C: &str = "listed.of";
    let list = |field: &str| format!("has({C}.{field}) ? {C}.{field} : []");
    let capabilities = |field: &str| {
        let all = format!("{C}.securityContext.capabilities");
        format!("has({C}.securityContext) && has({all}) && has({all}.{field}) ? {all}.{field} : []")
    };
    let from = |field: &str| {
        format!(
            "{C}.envFrom.filter(from, has(from.{field})).map(from, '{field} ' + (has(from.{field}.name) ? from.{field}.name : ''))"
        )
    };
    let annotation = format!(
        "variables.app_armor_annotations.filter(set, set.container == {C}.name).map(set, set.profile).join('')"
    );
    let mut fields = vec![
        ("name", format!("{C}.name")),
        ("list", "listed.list".to_owned()),
        ("image", format!("{C}.image")),
        ("path", image_path(&format!("{C}.image"))),
        ("digest", format!("{C}.image.contains('@') ? {C}.image.substring({C}.image.indexOf('@') + 1) : ''")),
        ("pinned", format!("{C}.image.contains('@')")),
        ("command", list("command")),
        ("args", list("args")),
        ("env", format!("has({C}.env) ? {C}.env.map(variable, variable.name) : []")),
        (
            "env_from",
            format!("has({C}.envFrom) ?\n    {} +\n    {} : []", from("configMapRef"), from("secretRef")),
        ),
        (
            "privileged",
            format!(
                "has({C}.securityContext) && has({C}.securityContext.privileged) && {C}.securityContext.privileged"
            ),
        ),
        ("add", capabilities("add")),
        ("drop", capabilities("drop")),
        ("app_armor", app_armor::field(C, &annotation).replace('\n', "\n  ")),
        (
            "mounts",
            format!(
                "has({C}.volumeMounts) ? {C}.volumeMounts.filter(mount, !(mount.name in variables.injected)) : []"
            ),
        ),
        ("devices", list("volumeDevices")),
    ];
    for on in HandlerKind::ALL {
        fields.push((handler_field(on), command(C, on)));
    }
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("  '{name}': dyn({value})")).collect();
    format!("variables.listed.map(listed, {{\n{}\n}})", fields.join(",\n"))
}

/// Returns the expression for a reference without its tag. A colon before the last slash separates the registry's port. Images
/// with a digest are never compared by path.
fn image_path(image: &str) -> String {
    format!(
        "{image}.lastIndexOf(':') > {image}.lastIndexOf('/') ? {image}.substring(0, {image}.lastIndexOf(':')) : {image}"
    )
}

/// Returns the expression for a list of the command of a hook or probe; empty without a command (rule M8).
fn command(container: &str, on: HandlerKind) -> String {
    let mut path = container.to_owned();
    let mut set = Vec::new();
    for field in on.field().split('/').chain(["exec"]) {
        path.push('.');
        path.push_str(field);
        set.push(format!("has({path})"));
    }
    format!("{} ? [has({path}.command) ? {path}.command : []] : []", set.join(" && "))
}
