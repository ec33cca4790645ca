//! Updates that every rule allows: a stricter rule must never prevent the removal of a path.
//!
//! GKE documents the removal of a path from a synchronizer as the way to uninstall an allowlist. Updates that change
//! only the metadata are also allowed: controllers update metadata, and a deleted object disappears when its last
//! finalizer is removed. Deletion alone permits nothing, because anyone who keeps a finalizer on an object can still
//! change its spec.

use std::collections::BTreeSet;

use hallpass_document::Value;

/// Why an update is refused where synchronizers are forbidden.
pub const ONLY_REMOVAL: &str =
    "AllowlistSynchronizers are not allowed on this cluster: an update may only remove paths";

/// Whether an update from `old` to `new` installs nothing new: its `spec` is unchanged or removed, or only some paths are
/// removed.
#[must_use]
pub fn removes(new: &Value<'_>, old: &Value<'_>) -> bool {
    let spec = new.get("spec");
    spec.is_none() || spec == old.get("spec") || shrinks(new, old)
}

fn shrinks(new: &Value<'_>, old: &Value<'_>) -> bool {
    const PATHS: &str = "allowlistPaths";
    let (Some(new @ Value::Map(fields)), Some(old @ Value::Map(old_fields))) =
        (new.get("spec"), old.get("spec"))
    else {
        return false;
    };
    let (Some(Value::List(paths)), Some(Value::List(old_paths))) = (new.get(PATHS), old.get(PATHS)) else {
        return false;
    };
    let keeps = |key: &str| key == PATHS || new.get(key) == old.get(key);
    // Collecting them would sort them first, which needs kilobytes of code.
    let mut known: BTreeSet<&str> = BTreeSet::new();
    known.extend(old_paths.iter().filter_map(Value::as_str));
    paths.iter().all(|path| path.as_str().is_some_and(|path| known.contains(path)))
        && fields.iter().chain(old_fields).all(|(key, _)| keeps(key))
}

#[cfg(test)]
mod tests {
    use super::removes;
    use hallpass_document::Value;

    fn between(old: &str, new: &str) -> bool {
        removes(&Value::from_json(new.as_bytes()).unwrap(), &Value::from_json(old.as_bytes()).unwrap())
    }

    #[test]
    fn only_what_installs_nothing_new() {
        let two = r#"{"spec": {"allowlistPaths": ["a/b", "a/c"]}}"#;
        let one = r#"{"spec": {"allowlistPaths": ["a/c"]}}"#;
        assert!(between(two, one));
        assert!(between(two, two));
        assert!(between(two, r#"{"spec": {"allowlistPaths": []}}"#));
        assert!(between("{}", "{}"));
        assert!(between(two, "{}"));
        assert!(between(two, r#"{"spec": null}"#));
        assert!(!between(two, r#"{"spec": {}}"#));
        assert!(!between(one, two));
        let deleted = r#"{"metadata": {"deletionTimestamp": "2026"}, "spec": {"allowlistPaths": ["x"]}}"#;
        assert!(!between(one, deleted));
        assert!(!between(one, r#"{"spec": {"allowlistPaths": ["a/b"]}}"#));
        assert!(!between("{}", one));
        assert!(!between(two, r#"{"spec": {"allowlistPaths": ["a/c"], "bucketName": "own"}}"#));
        assert!(!between(r#"{"spec": {"allowlistPaths": ["a/c"], "bucketName": "own"}}"#, one));
    }
}
