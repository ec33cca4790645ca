//! Adds an annotation to an object. All other values are unchanged: numbers, order, unknown fields.

use hallpass_document::{JsonError, Members, from_json};
use hallpass_policy::NO_CONNECT;
use serde_json::value::{RawValue, to_raw_value};

/// Adds the annotation that forbids connections to the object.
pub(super) fn annotate(object: &RawValue) -> Result<Box<RawValue>, JsonError> {
    set(object, &["metadata", "annotations", NO_CONNECT], "true")
}

/// Sets `path` to `text`, and creates missing maps.
fn set(value: &RawValue, path: &[&str], text: &str) -> Result<Box<RawValue>, JsonError> {
    let Some((key, rest)) = path.split_first() else { return Ok(to_raw_value(text)?) };
    let Members(mut members): Members<'_, Box<RawValue>> = from_json(value.get().as_bytes())?;
    match members.iter_mut().find(|(name, _)| name == key) {
        Some((_, member)) => *member = set(member, rest, text)?,
        None => members.push(((*key).into(), set(RawValue::NULL, rest, text)?)),
    }
    Ok(to_raw_value(&Members(members))?)
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::{JsonError, annotate};

    const ADDED: &str = r#""autopilot.gke.io/no-connect":"true""#;

    fn annotated(object: &str) -> Result<String, JsonError> {
        annotate(&RawValue::from_string(object.to_owned())?).map(|object| object.get().to_owned())
    }

    #[test]
    fn nothing_else_changes() {
        for (object, expected) in [
            ("{}", r#"{"metadata":{"annotations":{ADDED}}}"#),
            (r#"{ "metadata" : { } }"#, r#"{"metadata":{"annotations":{ADDED}}}"#),
            (r#"{"metadata":null, "a":1.10}"#, r#"{"metadata":{"annotations":{ADDED}},"a":1.10}"#),
            (r#"{"a":{"metadata":{}}}"#, r#"{"a":{"metadata":{}},"metadata":{"annotations":{ADDED}}}"#),
            (
                r#"{"metadata":{"annotations":{"autopilot.gke.io\/no-connect": "false" ,"\"":"x"},"name":"n"},"n":12345678901234567890123}"#,
                r#"{"metadata":{"annotations":{ADDED,"\"":"x"},"name":"n"},"n":12345678901234567890123}"#,
            ),
            (r#"{"metadata":{"annotations":{"é":"}"} }}"#, r#"{"metadata":{"annotations":{"é":"}",ADDED}}}"#),
        ] {
            assert_eq!(annotated(object).unwrap(), expected.replace("ADDED", ADDED));
        }
        for object in ["[]", r#"{"metadata": []}"#, r#"{"metadata": {"annotations": ""}}"#] {
            assert!(annotated(object).is_err(), "{object}");
        }
    }

    /// The creator of a Pod determines its number of annotations: reading each once must take seconds, not hours.
    #[test]
    fn a_million_annotations_are_each_read_once() {
        let many: Vec<String> = (0..1_000_000).map(|number| format!("\"{number}\":\"\"")).collect();
        let object = format!(r#"{{"metadata":{{"annotations":{{{}}}}}}}"#, many.join(","));
        assert!(annotated(&object).unwrap().ends_with(&format!("{ADDED}}}}}}}")));
    }
}
