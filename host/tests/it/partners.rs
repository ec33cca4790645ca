//! Validates the report of `partners -o json` against its schema, and the documentation against the report.

use serde_json::Value;

use crate::support::{hallpass, repository, validator};

fn json(arguments: &[&str]) -> Value {
    let output = hallpass().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_list_is_as_its_schema_says() {
    let validator = validator("partners");
    let all = json(&["partners", "-o", "json"]);
    let one = json(&["partners", "dynatrace", "-o", "json"]);
    for list in [&all, &one] {
        let faults: Vec<String> = validator.iter_errors(list).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
    assert!(all["partners"].as_array().unwrap().len() > 30);
    assert_eq!(one["partners"].as_array().unwrap().len(), 1);
    assert_eq!(one["partners"][0]["paths"].as_array().unwrap().len(), 3);
}

/// docs/gitops.md shows the same table as `hallpass partners`.
#[test]
fn charts_with_a_synchronizer_are_documented() {
    let docs = std::fs::read_to_string(repository().join("docs/gitops.md")).unwrap();
    let all = json(&["partners", "-o", "json"]);
    let mut seen = 0;
    for partner in all["partners"].as_array().unwrap() {
        for chart in partner["charts"].as_array().unwrap() {
            seen += 1;
            let text = |field: &str| chart[field].as_str().unwrap();
            let start = format!(
                "| {} | `{}` | `{}` | ",
                partner["name"].as_str().unwrap(),
                text("name"),
                text("synchronizer")
            );
            let row = docs
                .lines()
                .find(|line| line.starts_with(&start))
                .unwrap_or_else(|| panic!("no row {start}"));
            assert_eq!(row.contains("by hand"), text("created") == "byHand", "{row}");
            for (path, value) in chart["when"].as_object().unwrap() {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                assert!(row.contains(&format!("`{path}: {value}`")), "{row}");
            }
            for (path, value) in chart["off"]["values"].as_object().into_iter().flatten() {
                assert!(row.contains(&format!("`{path}: {value}`")), "{row}");
            }
            let hooks = !chart["off"]["helmRelease"].is_null();
            assert_eq!(row.contains("disableHooks"), hooks, "{row}");
        }
    }
    assert!(seen > 5, "{seen}");
}
