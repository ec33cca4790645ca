//! File modes in volumes.

use super::refuse;
use hallpass_document::{At, Diagnostics, Value};

/// All permissions.
const HIGHEST: i64 = 0o777;

/// Checks a volume's source: `mode` and `defaultMode` occur at several levels.
pub(crate) fn check_modes(source: &Value<'_>, at: &At<'_>, faults: &mut Diagnostics) {
    match source {
        Value::Map(entries) => {
            for (key, value) in entries {
                let at = at.key(key);
                match (&**key, value) {
                    ("mode" | "defaultMode", Value::Int(mode)) if !(0..=HIGHEST).contains(mode) => refuse(
                        at.pointer(),
                        format!("`{key}` is {mode}, which is not a valid file mode"),
                        "write a mode from 0 to 0777, with its leading 0; in JSON, which has no octal, from 0 to 511",
                        faults,
                    ),
                    ("items" | "sources" | "configMap" | "secret" | "downwardAPI", _) => {
                        check_modes(value, &at, faults);
                    }
                    _ => {}
                }
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                check_modes(item, &at.index(index), faults);
            }
        }
        _ => {}
    }
}
