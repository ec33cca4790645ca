//! The annotation that makes GKE assign host ports (rule C4).

use hallpass_document::{At, Diagnostic, Diagnostics, Value};

/// Makes GKE assign host ports itself (GKE's how-to on host ports in Autopilot).
pub const HOST_PORT_ANNOTATION: &str = "autopilot.gke.io/host-port-assignment";

const PORTS: std::ops::RangeInclusive<i64> = 1..=65535;

/// Whether the annotations of an object request it. A value that GKE cannot parse is an error.
pub(super) fn is_assigned(annotations: &[(&str, &str)], holder: &At<'_>, faults: &mut Diagnostics) -> bool {
    let annotation = annotations.iter().find(|(key, _)| *key == HOST_PORT_ANNOTATION);
    let Some((key, text)) = annotation else { return false };
    if let Err(why) = check(text) {
        let path = holder.key("metadata").key("annotations").key(key).pointer();
        faults.error(
            Diagnostic::new(path, format!("`{text}` is not a range of host ports: {why}")).help(
                "write two ports from 1 to 65535, the lower one first: `'{\"min\":7000,\"max\":8000}'`",
            ),
        );
    }
    true
}

fn check(text: &str) -> Result<(), String> {
    let value = Value::from_json(text.as_bytes()).map_err(|error| error.to_string())?;
    let Value::Map(entries) = &value else { return Err(format!("it is {}", value.kind())) };
    if let Some((key, _)) = entries.iter().find(|(key, _)| key != "min" && key != "max") {
        return Err(format!("it has a field `{key}`"));
    }
    let port = |key| match value.get(key) {
        // Go does not parse numbers with a decimal point or an exponent as integers. The field names contain no `e`.
        Some(Value::Int(port)) if PORTS.contains(port) && !text.contains(['.', 'e', 'E']) => Ok(*port),
        Some(_) => Err(format!("`{key}` is not a port")),
        None => Err(format!("it has no `{key}`")),
    };
    if port("min")? > port("max")? { Err("`min` is above `max`".to_owned()) } else { Ok(()) }
}
