//! The schemas of a chart's values. Helm follows their references, also to files outside of the chart and to servers on
//! this machine, and prints parts of what it finds.

use std::path::Path;

use hallpass_document::{At, Value};
use hallpass_report::{Parsed, Wanted, place, single};
use walkdir::WalkDir;

use super::super::{Input, real};
use crate::output::Problem;

const NAME: &str = "values.schema.json";

const WANTED: Wanted = Wanted { called: "the schema of values", kind: "JSON Schema" };

/// Keywords whose value is a reference.
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// The addresses of the schemas that Helm contains.
const KNOWN: [&str; 2] = ["http://json-schema.org/", "https://json-schema.org/"];

/// Returns an error for each reference that leads out of its schema, in the chart and its unpacked subcharts.
pub(super) fn references_out(folder: &Path) -> Vec<Problem> {
    let root = real(folder);
    let entries = WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
    let schemas = entries.filter(|entry| entry.file_name() == NAME);
    schemas
        .flat_map(|schema| {
            let below = schema.path().strip_prefix(&root).unwrap_or(schema.path());
            let name = folder.join(below).display().to_string();
            let input = Input::file(name, schema.path().to_path_buf(), true);
            match input.read() {
                Ok(bytes) => in_schema(input.name(), &bytes),
                Err(problem) => vec![*problem],
            }
        })
        .collect()
}

fn in_schema(name: &str, bytes: &[u8]) -> Vec<Problem> {
    let parsed = match single(name, bytes, &WANTED) {
        Ok(parsed) => parsed,
        Err(problems) => return problems,
    };
    let mut problems = Vec::new();
    search(parsed.document.root(), &At::pointer_to(""), &parsed, &mut problems);
    problems
}

fn search(value: &Value<'_>, at: &At<'_>, parsed: &Parsed<'_>, problems: &mut Vec<Problem>) {
    match value {
        Value::Map(fields) => {
            for (key, value) in fields {
                let at = at.key(key);
                match value.as_str().filter(|reference| leads_out(key, reference)) {
                    Some(reference) => problems.push(outside(reference, &at.pointer(), parsed)),
                    None => search(value, &at, parsed, problems),
                }
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                search(item, &at.index(index), parsed, problems);
            }
        }
        _ => {}
    }
}

fn leads_out(key: &str, reference: &str) -> bool {
    match key {
        "$schema" => !KNOWN.iter().any(|known| reference.starts_with(known)),
        _ => REFERENCES.contains(&key) && !reference.starts_with('#'),
    }
}

fn outside(reference: &str, pointer: &str, parsed: &Parsed<'_>) -> Problem {
    let location = parsed.document.locate(pointer);
    Problem::new(parsed.file, format!("the schema refers to `{reference}`, which is outside of it"))
        .at(place(&location, Some(&parsed.lines)), pointer)
        .help("copy the definition into the schema, and refer to it with `#/...`")
}

#[cfg(test)]
mod tests {
    use super::in_schema;

    #[test]
    fn only_references_within_the_schema_stay() {
        for (schema, errors) in [
            (r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#"}}}"##, 0),
            (
                r#"{"$schema": "https://json-schema.org/draft-07/schema#", "properties": {"$ref": {"type": "string"}}}"#,
                0,
            ),
            (r#"{"$schema": "http://127.0.0.1/schema"}"#, 1),
            (
                r#"{"properties": {"a": {"$ref": "file:///etc/passwd"}, "b": {"anyOf": [{"$ref": "other.json"}]}}}"#,
                2,
            ),
            (r#"{"$dynamicRef": "http://127.0.0.1:1/"}"#, 1),
            ("{", 1),
        ] {
            let found = in_schema("values.schema.json", schema.as_bytes());
            assert_eq!(found.len(), errors, "{schema}: {found:?}");
        }
    }
}
