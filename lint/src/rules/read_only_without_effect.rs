//! A read-only mount next to a writable one.

use crate::example::agent;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};
use hallpass_policy::{AllowedMount, Allowlist};

pub(crate) static RULE: Rule = Rule {
    id: "read-only-without-effect",
    level: Level::Warning,
    summary: "A mount is listed as read-only, and again as writable",
    rationale: "A workload's mount matches if any entry with its name and path does. An entry without `readOnly: true` also \
                accepts a writable mount, whatever the other entry demands.",
    example: |mounts| agent(&format!("    volumeMounts:\n{mounts}  volumes:\n  - name: state\n")),
    bad: "    - name: state
      mountPath: /var/lib/acme
      readOnly: true
    - name: state
      mountPath: /var/lib/acme
",
    good: "    - name: state
      mountPath: /var/lib/acme
      readOnly: true
",
    fix: None,
    found_by: FoundBy::Criteria(check),
};

fn check(_: &Object<'_>, allowlist: &Allowlist<'_>, reports: &mut Reports<'_>) {
    for container in &allowlist.containers {
        for mount in container.mounts.iter().filter(|mount| mount.read_only) {
            let mut wider = container.mounts.iter().filter(|other| is_wider(other, mount));
            let Some(wider) = wider.next() else { continue };
            let related = reports.place(&container.path(&format!("/volumeMounts/{}", wider.index)));
            let message =
                format!("`readOnly` of mount `{}` at `{}` has no effect", mount.name, mount.mount_path);
            reports
                .add(&container.path(&format!("/volumeMounts/{}/readOnly", mount.index)), message)
                .help("remove the other entry, or this one")
                .related(related, "this entry accepts a writable mount");
        }
    }
}

/// Whether an entry accepts every mount that another one does, and also writable mounts.
fn is_wider(one: &AllowedMount<'_>, other: &AllowedMount<'_>) -> bool {
    !one.read_only
        && one.name == other.name
        && one.mount_path == other.mount_path
        && (one.sub_path.is_empty() || one.sub_path == other.sub_path)
}
