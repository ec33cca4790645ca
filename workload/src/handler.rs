//! Lifecycle hooks and probes: only their commands are compared (rule M8).

use super::shape::{HANDLER, LIFECYCLE};
use super::{Handler, HandlerKind};
use hallpass_document::{At, Diagnostics, Value};

/// Returns the handlers under `key` of a container: of `lifecycle` or of a probe.
pub fn read_handlers<'v>(
    key: &str,
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Vec<Handler<'v>> {
    let on = match key {
        "livenessProbe" => HandlerKind::Liveness,
        "readinessProbe" => HandlerKind::Readiness,
        "startupProbe" => HandlerKind::Startup,
        _ => return read_lifecycle(value, at, faults),
    };
    read_handler(value, on, at, faults).into_iter().collect()
}

fn read_lifecycle<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Vec<Handler<'v>> {
    let mut handlers = Vec::new();
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        let on = match &**key {
            "postStart" => HandlerKind::PostStart,
            "preStop" => HandlerKind::PreStop,
            _ => {
                LIFECYCLE.unread(key, &at, faults);
                continue;
            }
        };
        handlers.extend(read_handler(value, on, &at, faults));
    }
    handlers
}

fn read_handler<'v>(
    value: &'v Value<'v>,
    on: HandlerKind,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Option<Handler<'v>> {
    let mut handler = None;
    for (key, value) in faults.map(value, at) {
        let at = at.key(key);
        if key != "exec" {
            HANDLER.unread(key, &at, faults);
            continue;
        }
        if value.is_null() {
            continue;
        }
        let mut command = Vec::new();
        for (key, value) in faults.map(value, &at) {
            if key == "command" {
                command = faults.strings(value, &at.key(key));
            }
        }
        handler = Some(Handler { on, command });
    }
    handler
}
