//! Fields that the `WorkloadAllowlist` CRD does not know, and that the API server silently drops.

use hallpass_document::{At, Code, Diagnostic, Diagnostics};

/// Fields in Google's own sample that its CRD lacks. They have no effect, and a warning would not help.
const HARMLESS: [&str; 3] = ["value", "pdName", "type"];

pub(super) fn unknown(key: &str, known: &[&'static str], at: &At<'_>, faults: &mut Diagnostics) {
    if HARMLESS.contains(&key) {
        return;
    }
    let fault =
        Diagnostic::new(at.pointer(), format!("an allowlist has no field `{key}` here: it has no effect"))
            .in_key()
            .code(Code::UnknownField);
    faults.warn(fault.suggest(key, known.iter().copied(), "remove it: no workload is compared with it"));
}
