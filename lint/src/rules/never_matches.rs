//! A criterion that no workload can meet.

use hallpass_policy::{AllowedVolume, Allowlist};

use crate::example::variable;
use crate::found::Reports;
use crate::language::{Common, Images};
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};
use crate::texts::{Field, Text};

pub(crate) static RULE: Rule = Rule {
    id: "never-matches",
    level: Level::Error,
    summary: "No workload can match a criterion",
    rationale: "The criterion contradicts itself, or demands a value that Kubernetes refuses. The entry has no effect, or the \
                whole allowlist exempts nothing: no exemption, no entry for a container, a pattern that matches no text, a \
                volume with two types, a variable with its value.",
    example: variable,
    bad: "ACME_LEVEL=info",
    good: "ACME_LEVEL",
    fix: None,
    found_by: FoundBy::Criteria(check),
};

fn check(object: &Object<'_>, allowlist: &Allowlist<'_>, reports: &mut Reports<'_>) {
    check_whole(object, reports);
    for text in object.texts() {
        if let Some((message, help)) = of_text(text) {
            reports.add(&text.pointer, message).help(help);
        }
    }
    for container in &allowlist.containers {
        let dropped = &container.dropped_capabilities;
        for (index, name) in
            container.added_capabilities.iter().enumerate().filter(|(_, name)| dropped.contains(name))
        {
            let pointer = container.path(&format!("/securityContext/capabilities/add/{index}"));
            let message = format!("container `{}` must drop `{name}`, which it may also add", container.name);
            reports.add(&pointer, message).help("remove it from `add` or from `drop`");
        }
        for mount in container.mounts.iter().filter(|mount| mount.mount_path.contains(':')) {
            let message =
                format!("Kubernetes refuses the mount path `{}`: it contains `:`", mount.mount_path);
            reports
                .add(&container.path(&format!("/volumeMounts/{}/mountPath", mount.index)), message)
                .help("write the path in the container");
        }
    }
    for volume in &allowlist.volumes {
        check_volume(volume, reports);
    }
}

fn check_whole(object: &Object<'_>, reports: &mut Reports<'_>) {
    if object.items("/exemptions").next().is_none() {
        let message = "the allowlist exempts from no constraint, so it has no effect";
        reports.add("/exemptions", message).help("list the constraints that the workload violates");
    }
    if object.get("/matchingCriteria").is_some()
        && object.items("/matchingCriteria/containers").next().is_none()
    {
        let message = "no container matches: the criteria have no entry under `containers`";
        reports
            .add("/matchingCriteria/containers", message)
            .help("add an entry for each container of the workload");
    }
}

/// Whether a pattern obviously matches a text: it has no assertions and no negated classes. Such patterns need no comparison of
/// automata.
fn is_plain(pattern: &str, field: Field) -> bool {
    let inner = pattern.strip_prefix('^').and_then(|inner| inner.strip_suffix('$')).unwrap_or(pattern);
    let inner = inner.replace(r"\.", ".").replace(r"\/", "/");
    let is_one_of = |others: &'static str| move |c: char| c.is_ascii_alphanumeric() || others.contains(c);
    match field {
        Field::Args => !inner.contains(['^', '$', '\\']),
        Field::Env => inner.starts_with(is_one_of("(")) && inner.chars().all(is_one_of("_-.()[]|*+")),
        // Slashes may be in the wrong places.
        Field::Image => {
            let is_wrong = ["//", "(/", "|/", "/)", "/|"].iter().any(|part| inner.contains(part));
            inner.starts_with(is_one_of("("))
                && !inner.ends_with('/')
                && !is_wrong
                && inner.chars().all(is_one_of("_-./()[]|*+?"))
        }
    }
}

/// Returns the reason why no text of a workload matches an entry, and what to do.
fn of_text(text: &Text<'_>) -> Option<(String, &'static str)> {
    let written = text.text;
    if let Some(pattern) = text.pattern_of(text.field) {
        let is_empty = match text.field {
            field if is_plain(pattern, field) => false,
            Field::Image => text.images() == Images::None,
            Field::Args => text.both("^(?s:.*)$") == Common::Nothing,
            // Names consist of printable ASCII characters without `=`.
            Field::Env => text.both("^[!-<>-~]+$") == Common::Nothing,
        };
        let what = match text.field {
            Field::Image => "no image",
            Field::Args => "no argument",
            Field::Env => "no variable's name",
        };
        return is_empty
            .then(|| (format!("`{written}` matches {what}"), "fix the pattern, or remove the entry"));
    }
    match text.field {
        Field::Env if written.contains('=') => Some((
            format!("no variable is named `{written}`: names contain no `=`"),
            "write the name without a value",
        )),
        Field::Image if written.contains("://") => {
            Some((format!("no image is named `{written}`: references have no scheme"), "remove the scheme"))
        }
        Field::Image if written != written.trim() => Some((
            format!("no image is named `{written}`: it begins or ends with a blank"),
            "remove the blank",
        )),
        _ => None,
    }
}

fn check_volume(volume: &AllowedVolume<'_>, reports: &mut Reports<'_>) {
    let below = |field: &str| format!("/matchingCriteria/volumes/{}{field}", volume.index);
    let sources = [
        ("hostPath", volume.host_path.is_some()),
        ("nfs", volume.nfs.is_some()),
        ("gcePersistentDisk", volume.disk.is_some()),
    ];
    let sources: Vec<&str> =
        sources.into_iter().filter(|(_, is_set)| *is_set).map(|(field, _)| field).collect();
    if let [one, other, ..] = sources.as_slice() {
        let message =
            format!("volume `{}` has both `{one}` and `{other}`, and no volume has two types", volume.name);
        reports.add(&below(""), message).help("write an entry with the same name for each type");
    }
    if volume.host_path.is_some_and(|path| path.split('/').any(|segment| segment == "..")) {
        let message =
            format!("Kubernetes refuses the host path of volume `{}`: it contains `..`", volume.name);
        reports.add(&below("/hostPath/path"), message).help("write the path without `..`");
    }
    if !(0..=0o777).contains(&volume.config_map_mode) {
        let message = format!(
            "Kubernetes refuses the mode of volume `{}`: modes are from 0 to 0777, which is {} in decimal",
            volume.name, 0o777
        );
        reports
            .add(&below("/configMap/defaultMode"), message)
            .help("write the mode with a leading 0, such as `0644`");
    }
}
