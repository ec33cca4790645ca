//! The object with an annotation more. Every other byte of it stays as it was: numbers, order, unknown fields.

use serde_json::Error;
use serde_json::value::RawValue;

use super::members::Members;

/// Sets an annotation to a text.
pub(super) fn annotate(object: &str, key: &str, value: &str) -> Result<Box<RawValue>, Error> {
    let value = serde_json::to_string(value)?;
    RawValue::from_string(set(Some(object), &["metadata", "annotations", key], value)?)
}

/// The JSON object with `value` at the end of `path`; what is missing on the way is made.
fn set(object: Option<&str>, path: &[&str], value: String) -> Result<String, Error> {
    let [key, rest @ ..] = path else { return Ok(value) };
    let members = match object {
        Some(object) => serde_json::from_str::<Members<'_>>(object)?,
        None => Members::default(),
    };
    let mut text = String::from("{");
    let mut write = |key: &str, value: &str| -> Result<(), Error> {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&serde_json::to_string(key)?);
        text.push(':');
        text.push_str(value);
        Ok(())
    };
    for (name, raw) in members.iter().filter(|(name, _)| name != key) {
        write(name, raw)?;
    }
    write(key, &set(members.get(key), rest, value)?)?;
    text.push('}');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::annotate;

    #[test]
    fn nothing_else_changes() {
        for (object, annotated) in [
            ("{}", r#"{"metadata":{"annotations":{"k":"true"}}}"#),
            (r#"{"metadata":null,"a":1.10}"#, r#"{"a":1.10,"metadata":{"annotations":{"k":"true"}}}"#),
            (
                r#"{"metadata":{"annotations":{"k":"false","\"":"x"},"name":"n"},"n":12345678901234567890123}"#,
                r#"{"n":12345678901234567890123,"metadata":{"name":"n","annotations":{"\"":"x","k":"true"}}}"#,
            ),
        ] {
            assert_eq!(annotate(object, "k", "true").unwrap().get(), annotated);
        }
        assert!(annotate(r#"{"metadata": []}"#, "k", "true").is_err());
    }
}
