//! The object with an annotation more. Every other byte of it stays as it was: numbers, order, unknown fields.

use std::ops::Range;

use super::cursor::Cursor;
use crate::allowlist::NO_CONNECT;

/// Has the object say that nobody may connect to it. It is JSON that was read already, and so has no key twice.
pub(super) fn annotate(object: &str) -> Result<String, String> {
    let path = ["metadata", "annotations", NO_CONNECT];
    let (place, text) = splice(&mut Cursor::new(object), &path, r#""true""#)?;
    let before = object.get(..place.start).unwrap_or_default();
    let after = object.get(place.end..).unwrap_or_default();
    Ok([before, &text, after].concat())
}

/// What to replace, and with what text, so that `value` stands at the end of `path`: what is missing on the way is made.
fn splice(cursor: &mut Cursor<'_>, path: &[&str], value: &str) -> Result<(Range<usize>, String), String> {
    let next = cursor.peek();
    let start = cursor.at();
    let Some((key, rest)) = path.split_first().filter(|_| next == Some(b'{')) else {
        let is_null = cursor.skip()? == "null";
        let replaceable = is_null || path.is_empty();
        let place = start..cursor.at();
        return replaceable
            .then(|| (place, nested(path, value)))
            .ok_or_else(|| "it stands in no map".to_owned());
    };
    let mut found = None;
    let mut end = None;
    cursor.map("a map", |name, cursor| {
        if name == *key {
            found = Some(splice(cursor, rest, value)?);
        } else {
            cursor.skip()?;
        }
        end = Some(cursor.at());
        Ok(())
    })?;
    Ok(found.unwrap_or_else(|| {
        let member = format!("\"{key}\":{}", nested(rest, value));
        match end {
            Some(end) => (end..end, format!(",{member}")),
            None => (start..cursor.at(), format!("{{{member}}}")),
        }
    }))
}

fn nested(path: &[&str], value: &str) -> String {
    path.iter().rev().fold(value.to_owned(), |value, key| format!("{{\"{key}\":{value}}}"))
}

#[cfg(test)]
mod tests {
    use super::annotate;

    const ADDED: &str = r#""autopilot.gke.io/no-connect":"true""#;

    #[test]
    fn nothing_else_changes() {
        for (object, annotated) in [
            ("{}", r#"{"metadata":{"annotations":{ADDED}}}"#),
            (r#"{ "metadata" : { } }"#, r#"{ "metadata" : {"annotations":{ADDED}} }"#),
            (r#"{"metadata":null, "a":1.10}"#, r#"{"metadata":{"annotations":{ADDED}}, "a":1.10}"#),
            (r#"{"a":{"metadata":{}}}"#, r#"{"a":{"metadata":{}},"metadata":{"annotations":{ADDED}}}"#),
            (
                r#"{"metadata":{"annotations":{"autopilot.gke.io\/no-connect": "false" ,"\"":"x"},"name":"n"},"n":12345678901234567890123}"#,
                r#"{"metadata":{"annotations":{"autopilot.gke.io\/no-connect": "true" ,"\"":"x"},"name":"n"},"n":12345678901234567890123}"#,
            ),
            (
                r#"{"metadata":{"annotations":{"é":"}"} }}"#,
                r#"{"metadata":{"annotations":{"é":"}",ADDED} }}"#,
            ),
        ] {
            assert_eq!(annotate(object).unwrap(), annotated.replace("ADDED", ADDED));
        }
        for object in ["[]", r#"{"metadata": []}"#, r#"{"metadata": {"annotations": ""}}"#] {
            assert!(annotate(object).is_err(), "{object}");
        }
    }

    /// Whoever creates a Pod says how many annotations it has: reading each once, this takes milliseconds, and not hours.
    #[test]
    fn a_million_annotations_are_each_read_once() {
        let many: Vec<String> = (0..1_000_000).map(|number| format!("\"{number}\":\"\"")).collect();
        let object = format!(r#"{{"metadata":{{"annotations":{{{}}}}}}}"#, many.join(","));
        assert!(annotate(&object).unwrap().ends_with(&format!("{ADDED}}}}}}}")));
    }
}
