//! Plain scalars have the same meaning as in sigs.k8s.io/yaml: `scalars.tsv` contains its results, see `scalars.go`.

#[test]
fn scalars_read_as_kubectl_reads_them() {
    let table = include_str!("scalars.tsv");
    let mut wrong = Vec::new();
    for row in table.lines() {
        let (yaml, expected) = row.split_once('\t').expect("two columns");
        let text = yaml.replace("\\n", "\n");
        // kubectl reads text that starts with `{` as JSON, unless a separator precedes it.
        let text = format!("---\n{text}");
        let result = hallpass_reader::read(text.as_bytes()).next();
        let actual = match result {
            Some(Ok(document)) => crate::common::json(document.root()).to_string(),
            Some(Err(_)) => "error".to_owned(),
            None => "null".to_owned(),
        };
        if actual != normal(expected) {
            wrong.push(format!("{yaml}: kubectl reads {expected}, this reader {actual}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(table.lines().count() >= 120);
}

/// Converts JSON numbers to those of a tree: whole numbers in `i64`, and one placeholder for all others.
fn normal(json: &str) -> String {
    fn walk(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Number(number) => match number.as_f64() {
                Some(0.0) => 0.into(),
                Some(_) if number.as_i64().is_none() => crate::common::other_number(),
                _ => number.into(),
            },
            serde_json::Value::Array(items) => items.into_iter().map(walk).collect(),
            serde_json::Value::Object(fields) => {
                fields.into_iter().map(|(key, value)| (key, walk(value))).collect()
            }
            other => other,
        }
    }
    serde_json::from_str(json).map_or(json.to_owned(), |value| walk(value).to_string())
}
